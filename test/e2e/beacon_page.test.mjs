// The beacon on a page of another origin, in a real browser, against the real program.

import assert from 'node:assert/strict';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import http from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {chromium} from 'playwright-core';
import {start} from './weir.mjs';

const patience = {timeout: 30_000};
const limits = {timeout: 120_000};
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
               '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const script = await readFile(new URL('../../examples/beacon/beacon.js', import.meta.url), 'utf8');

process.once('SIGTERM', () => process.exit(1));

let browser, folder, weir, site, own, beacon;
let markup = '';
let headers = {};

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'weir-beacon-page-'));
  weir = await start(['--beacon', '127.0.0.1:0', '--file', path.join(folder, 'events')], ['beacon']);
  beacon = weir.addresses.beacon;
  site = http.createServer((request, answer) => {
    const isScript = request.url === '/beacon.js';
    answer.writeHead(200, {'Content-Type': isScript ? 'text/javascript' : 'text/html; charset=utf-8', ...headers});
    answer.end(isScript ? script : markup);
  });
  await new Promise(done => site.listen(0, '127.0.0.1', done));
  own = `http://127.0.0.1:${site.address().port}`;
  browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: flags});
});

after(async () => {
  await browser?.close();
  site?.close();
  await weir?.kill();
  await rm(folder, {recursive: true, force: true});
});

/** Every event so far that `wanted` is true of, once there are `count`. */
async function events(count, wanted = () => true) {
  const end = Date.now() + patience.timeout;
  for (;;) {
    const text = await readFile(path.join(folder, 'events'), 'utf8').catch(() => '');
    const found = text.split('\n').slice(0, -1).map(line => JSON.parse(line)).filter(wanted);
    if (found.length >= count) return found;
    assert.ok(Date.now() < end, `${found.length} of ${count} events came:\n${text}`);
    await new Promise(done => setTimeout(done, 20));
  }
}

const tag = (account, more = '') =>
  `<script async src="/beacon.js" data-to="${beacon}" data-app="my shop" data-account="${account}" ${more}></script>`;
const of = account => event => event.data.account === account;

test('a page view is an event, and so is what is told', limits, async () => {
  markup = `<!doctype html><title>Grüße & “more”</title>
    <script>window.weir = function () { (weir.q = weir.q || []).push(arguments); }; weir('early', {n: 1});</script>${tag('a/b')}`;
  const page = await browser.newPage({viewport: {width: 800, height: 600}, screen: {width: 1024, height: 768}});
  const faults = [];
  page.on('console', message => ['error', 'warning'].includes(message.type())
    && faults.push(message.text()));
  page.on('pageerror', error => faults.push(String(error)));
  await page.goto(`${own}/from?x=1`);
  await page.evaluate(() => { location.href = '/to?y=ü#part'; });
  await page.waitForURL(/\/to/, patience);
  await page.waitForFunction(() => window.weir && !window.weir.q, null, patience);
  const answered = await page.evaluate(() =>
    weir('order', {id: 4711, total: 19.9, items: ['a', 'b'], none: null, text: 'x'.repeat(2000), account: 'not this'}));
  assert.equal(answered, true);

  for (let n = 0; n < 3; ++n) assert.equal(await page.evaluate(() => weir('same', {as: 'before'})), true);

  const found = await events(8, of('a/b'));
  assert.equal(found.filter(({type}) => type === 'same').length, 3);
  const view = found.find(({type, data}) => type === 'pageview' && data.page.includes('/to'));
  const agent = await page.evaluate(() => navigator.userAgent);
  assert.deepEqual(Object.keys(view), ['time', 'type', 'data']);
  assert.match(view.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.equal(view.data.browser.os, 'Linux');
  assert.ok(agent.includes(`${view.data.browser.name}/${view.data.browser.version}`), agent);
  const {once} = view.data;
  delete view.data.browser;
  delete view.data.once;
  assert.deepEqual(view.data, {app: 'my shop', account: 'a/b', page: `${own}/to?y=%C3%BC`, referrer: `${own}/from?x=1`,
                               title: 'Grüße & “more”', screen: '1024x768'});
  assert.equal(found.filter(({type, data}) => type === 'early' && data.n === '1').length, 2);
  const {data: order} = found.find(({type}) => type === 'order');
  assert.notEqual(order.once, once);
  delete order.browser;
  delete order.once;
  assert.deepEqual(order, {app: 'my shop', account: 'a/b', id: '4711', total: '19.9', items: '["a","b"]',
                           text: 'x'.repeat(1000)});
  assert.deepEqual(faults, []);
  await page.close();
});

test('the image loads, is kept by no cache, and sets no cookie', limits, async () => {
  // A page that takes from other origins only what those allow everyone to take.
  headers = {'Cross-Origin-Embedder-Policy': 'require-corp', 'Content-Security-Policy': `img-src ${beacon}`};
  markup = '<!doctype html><title>plain</title>';
  const page = await browser.newPage();
  await page.goto(own);
  for (let n = 0; n < 3; ++n) {
    if (n > 0) await page.reload();
    const seen = await page.evaluate(async address => {
      const image = new Image();
      const how = new Promise(done => { image.onload = () => done('load'); image.onerror = () => done('error'); });
      image.src = address;
      const loaded = await how;
      await image.decode();
      return [loaded, image.naturalWidth, image.naturalHeight, image.complete];
    }, `${beacon}r/my%20shop/plain/look`);
    assert.deepEqual(seen, ['load', 1, 1, true]);
  }
  assert.equal((await events(3, of('plain'))).length, 3);
  assert.deepEqual(await page.context().cookies(), []);
  headers = {};
  await page.close();
});

test('an event told while the page is being left arrives', limits, async () => {
  markup = `<!doctype html><title>leaving</title>${tag('leaving', 'data-view="off"')}`;
  const page = await browser.newPage();
  await page.goto(own);
  await page.waitForFunction(() => window.weir, null, patience);
  await page.evaluate(() => addEventListener('pagehide', () => { weir('left', {after: 'a look'}); }));
  await page.goto('about:blank');
  const found = await events(1, of('leaving'));
  assert.deepEqual(found.map(({type, data}) => [type, data.after]), [['left', 'a look']]);
  await page.close();
});

test('a page does not break where nobody answers', limits, async () => {
  markup = `<!doctype html><title>alone</title>${tag('alone', 'data-view="off"').replace(beacon, 'http://127.0.0.1:9/')}`;
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', error => faults.push(String(error)));
  await page.goto(own);
  await page.waitForFunction(() => window.weir, null, patience);
  assert.equal(await page.evaluate(() => weir('lost')), false);
  assert.deepEqual(faults, []);
  await page.close();
});
