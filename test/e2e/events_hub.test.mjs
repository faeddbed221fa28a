// examples/events-hub as its README tells it: Ruby, a browser, Python and curl around one weir and a real Redis.
// redis-server is redis-check-rdb of the package redis-tools, called by its other name.

import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import {mkdir, mkdtemp, readFile, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {live, open, patience, screenshots, sendUdp, tableIs, visit} from './page.mjs';
import {bound, program} from './weir.mjs';

const run = promisify(execFile);
const hub = name => fileURLToPath(new URL(`../../examples/events-hub/${name}`, import.meta.url));
const limits = {timeout: 180_000};
const free = Object.fromEntries(['UDP', 'HTTP', 'BEACON', 'SSE', 'ZMQ', 'ZMQ_MSGPACK', 'STATS'].map(port => [`HUB_${port}`, '0']));
const sent = 1000;
const viewed = 50;

const children = [];
let folder;

/** A program that runs until the test ends: {child, lines, text(), exited} */
function start(command, words, env = {}) {
  const child = spawn(command, words, {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'pipe']});
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => { text += chunk; });
  const exited = new Promise((done, fail) => { child.once('exit', done); child.once('error', fail); });
  return {child, exited, text: () => text, lines: () => text.split('\n').slice(0, -1)};
}

async function eventually(what, condition) {
  const end = Date.now() + patience.timeout;
  for (;;) {
    const value = await condition();
    if (value) return value;
    assert.ok(Date.now() < end, `${what} did not come true`);
    await new Promise(done => setTimeout(done, 20));
  }
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'weir-hub-'));
  await mkdir(path.join(folder, 'bin'));
  await symlink('/usr/bin/redis-check-rdb', path.join(folder, 'bin', 'redis-server'));
});

after(async () => {
  for (const child of children) child.kill('SIGTERM');
  await rm(folder, {recursive: true, force: true});
});

/** What send.rb sends, counted by `of`. */
function counted(of) {
  const counts = {};
  for (let n = 0; n < sent; ++n) {
    const type = ['pageview', 'pageview', 'pageview', 'search', 'order'][n % 5];
    const key = of({type, account: ['acme', 'globex', 'initech'][n % 3], unique: n % 10 === 0,
                    status: type === 'order' ? ['cart', 'paid', 'shipped'][Math.floor(n / 5) % 3] : undefined});
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const total = counts => Object.values(counts).reduce((sum, count) => sum + Number(count), 0);

test('the hub, whole', limits, async t => {
  const served = start(hub('hub'), [folder], {...free, WEIR: program, PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`});
  const said = pattern => eventually(String(pattern), () => {
    assert.equal(served.child.exitCode, null, served.text());
    return served.text().match(pattern);
  });
  await said(/writing +redis .*\n/);
  const at = await eventually('all ports', () => {
    const found = bound(served.text());
    return ['udp', 'http', 'beacon', 'sse', 'stats'].every(kind => kind in found) && found;
  });
  const [json, packed] = [...served.text().matchAll(/writing +zmq +(\S+)\n/g)].map(([, address]) => address);

  // Who subscribes late has missed what came before, so events are sent until both have one.
  const orders = start(hub('subscribe.py'), ['--at', json, 'order']);
  const views = start(hub('subscribe.py'), ['--msgpack', '--at', packed, 'page*']);
  const heard = subscriber => subscriber.lines().map(line => JSON.parse(line)).filter(({event}) => event.data.account);
  let probes = 0;
  await eventually('two subscriptions', async () => {
    await sendUdp(at.udp, '{"type":"order","data":{}}', '{"type":"pageview","data":{}}');
    probes += 2;
    return orders.text() && views.text();
  });

  await run(hub('send.rb'), [String(sent), at.udp]);
  const shop = await visit(`file://${hub('shop.html')}#to=${at.beacon}&times=${viewed}`);
  await shop.waitForSelector(`#seen:has-text("${viewed} events")`, patience);
  const all = sent + viewed + probes;

  await t.test('every event is in the file', async () => {
    const lines = await eventually('the whole file', async () => {
      const found = (await readFile(path.join(folder, 'events.ndjson'), 'utf8')).split('\n').slice(0, -1);
      return found.length >= all && found;
    });
    assert.equal(lines.length, all);
    assert.equal(lines.filter(line => JSON.parse(line).data.account === 'browser').length, viewed);
  });

  await t.test('subscribers get the topics they asked for, as JSON and as MessagePack', async () => {
    const {order, pageview} = counted(({type}) => type);
    await eventually('all orders', () => heard(orders).length >= order);
    await eventually('all page views', () => heard(views).length >= pageview + viewed);
    assert.equal(heard(orders).length, order);
    assert.equal(heard(views).length, pageview + viewed);
    assert.ok(heard(orders).every(({topic, event}) => topic === 'order' && event.type === 'order'));
    assert.ok(heard(views).every(({topic, event}) => topic === 'pageview' && event.type === 'pageview'));
    const numbers = heard(orders).map(({event}) => event.data.n);
    assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
  });

  await t.test('redis-cli and the JSON API show the sums', async () => {
    const cli = async (...words) =>
      (await run('redis-cli', ['-s', path.join(folder, 'redis.sock'), ...words])).stdout.split('\n').filter(Boolean);
    const hash = async key => {
      const words = await cli('hgetall', key);
      return Object.fromEntries(words.flatMap((word, n) => (n % 2 ? [] : [[word, Number(words[n + 1])]])));
    };
    /** The sum of a key over the years there are: the test may run at midnight of the last. */
    const years = async key => {
      let sum = {};
      for (const year of await cli('--scan', '--pattern', `${key}:[0-9][0-9][0-9][0-9]`))
        for (const [field, count] of Object.entries(await hash(year))) sum[field] = (sum[field] ?? 0) + count;
      return sum;
    };
    const ofAll = counted(({type}) => type);
    await eventually('the last count', async () => total(await years('track:all:pageview')) >= ofAll.pageview + viewed + probes / 2);
    assert.equal(total(await years('track:all:pageview')), ofAll.pageview + viewed + probes / 2);
    assert.equal(total(await years('track:all:order')), ofAll.order + probes / 2);
    assert.equal(total(await years('track:all:search')), ofAll.search);
    assert.equal(total(await years('track:browser:pageview')), viewed);
    for (const account of ['acme', 'globex', 'initech']) {
      const own = counted(event => (event.account === account ? event.type : undefined));
      for (const type of ['pageview', 'search', 'order']) assert.equal(total(await years(`track:${account}:${type}`)), own[type]);
      assert.equal(total(await years(`track:${account}:unique`)), counted(e => (e.account === account && e.unique ? 'u' : undefined)).u);
      assert.deepEqual(await years(`funnels:${account}:order`), counted(e => (e.account === account ? e.status : undefined)));
    }

    const ask = async where => (await fetch(new URL(where, at.stats))).json();
    const [year] = (await cli('--scan', '--pattern', 'track:acme:order:[0-9][0-9][0-9][0-9]')).map(key => key.split(':').pop());
    const answer = await ask(`/stats/track/acme/order/${year}`);
    assert.deepEqual(answer.data, await hash(`track:acme:order:${year}`));
    assert.equal(answer.links.length, Object.keys(answer.data).length);
    const month = await ask(answer.links[0]);
    assert.equal(month.month, Object.keys(answer.data)[0]);
    assert.equal(total(month.data), Object.values(answer.data)[0]);
    assert.deepEqual((await ask(`/stats/funnels/globex/order/${year}`)).data, await hash(`funnels:globex:order:${year}`));
    const jsonp = await (await fetch(new URL(`/stats/track/browser/pageview/${year}?callback=show`, at.stats))).text();
    assert.match(jsonp, /show\(\{.*"account":"browser".*\}\);?\s*$/);
  });

  await t.test('Chromium shows the charts', async () => {
    const page = await open(at.http);
    await live(page);
    const {pageview, search, order} = counted(({type}) => type);
    await tableIs(page, [['pageview', pageview + viewed + probes / 2], ['order', order + probes / 2], ['search', search]]);
    await page.screenshot({path: path.join(screenshots, 'events-hub.png')});
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  await t.test('curl reads the stream with the right token, and not with the wrong one', async () => {
    const stream = start('curl', ['-sN', '-H', 'Authorization: Bearer let-me-see', `${at.sse}?last=5&topic=order`]);
    await eventually('five events', () => stream.lines().filter(line => line.startsWith('data: ')).length >= 5);
    stream.child.kill();
    const events = stream.lines().filter(line => line.startsWith('data: ')).map(line => JSON.parse(line.slice(6)));
    assert.deepEqual(events.map(({type}) => type), Array(5).fill('order'));
    assert.equal(stream.lines().filter(line => /^id: ?\d+$/.test(line)).length >= 5, true);
    for (const words of [['-H', 'Authorization: Bearer let-me-sea'], []]) {
      const {stdout} = await run('curl', ['-si', '--max-time', '20', ...words, at.sse]);
      assert.match(stdout, /^HTTP\/1\.1 401 /);
      assert.match(stdout, /^www-authenticate: /im);
    }
  });

  await t.test('the books balance', async () => {
    served.child.kill('SIGTERM');
    assert.equal(await served.exited, 0, served.text());
    const books = [...served.text().matchAll(/(\w+) \S+: published (\d+) = delivered (\d+) \+ lost (\d+) \+ pending (\d+)/g)]
      .map(([, sink, ...numbers]) => [sink, ...numbers.map(Number)]);
    assert.deepEqual(books.map(([sink]) => sink).sort(), ['broadcast', 'file', 'redis', 'sse', 'zmq', 'zmq']);
    for (const numbers of books) assert.deepEqual(numbers.slice(1), [all, all, 0, 0], served.text());
  });
});
