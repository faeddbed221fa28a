// The page at '/' in a real browser, against the real program.

import assert from 'node:assert/strict';
import {exec} from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';
import {feedUntil, ink, limits, live, note, open, patience, post, row, rowCount, screenshots, sendUdp, tinted, weir} from './page.mjs';
import {hostAndPort} from './weir.mjs';

const run = promisify(exec);

test('an empty page says how to send a first event', limits, async () => {
  const {addresses} = await weir('127.0.0.1:0', {more: ['--beacon', '127.0.0.1:0', '--broadcast', '127.0.0.1:0'], kinds: ['beacon']});
  const page = await open(addresses.http, {permissions: ['clipboard-read', 'clipboard-write']});
  await live(page);
  await page.waitForSelector('#recipes li:nth-child(4)', patience);
  const {host, port} = hostAndPort(addresses.udp);
  const lines = await page.locator('#recipes code').allTextContents();
  assert.equal(lines[0], `curl -d '{"hello":"weir"}' ${addresses.http}`);
  assert.equal(lines[1], `echo '{"hello":"weir"}' | nc -u -w1 ${host} ${port}`);
  assert.equal(lines.length, 4, lines.join('\n'));
  // All of them are seen without scrolling.
  assert.ok(await page.evaluate(() => document.getElementById('empty').scrollHeight <= document.getElementById('empty').clientHeight));

  // What is copied works.
  const copied = [];
  for (let at = 1; at <= lines.length; ++at) {
    await page.click(`#recipes li:nth-child(${at}) .copy`);
    await page.waitForSelector(`#recipes li:nth-child(${at}) .copy:text-is("Copied")`, patience);
    copied.push(await page.evaluate(() => navigator.clipboard.readText()));
  }
  assert.deepEqual(copied, lines);
  for (const line of copied) await run(line);
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 4, null, patience);
  await page.click('#clear');

  await page.fill('#event', '{"first":"event"}');
  await page.click('#send button');
  await row(page, '{"first":"event"}');
  assert.ok(await page.locator('#empty').isHidden());
  await page.waitForSelector('#sent:has-text("204")', patience);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('what takes no events is not named as if it did', limits, async () => {
  const {addresses} = await weir('127.0.0.1:0,ingest=off', {more: ['--sse', '127.0.0.1:0', '--broadcast', '127.0.0.1:0']});
  const page = await open(addresses.http);
  await live(page);
  await page.waitForSelector('#send', {state: 'hidden', ...patience});
  await page.waitForFunction(() => document.querySelectorAll('#recipes li').length === 2, null, patience);
  assert.deepEqual(await page.locator('#recipes span').allTextContents(), ['UDP', 'TCP']);
  assert.equal(await page.textContent('#empty-text'), 'Paste one of these lines in a terminal.');
  assert.deepEqual(await page.locator('#listeners h3').evaluateAll(all => all.map(title => title.firstChild.textContent).sort()),
    ['HTTP', 'TCP', 'UDP', 'WebSocket']);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('events, rates and charts move', limits, async () => {
  const {addresses} = await weir();
  const page = await open(addresses.http);
  await live(page);
  await page.waitForSelector('#listeners .lane', patience);
  const blank = await ink(page, '#listeners .lane canvas');

  await sendUdp(addresses.udp, '{"by":"udp","n":1.50}', 'plain <b id="bold">text</b>', Buffer.from([0xff, 0x00, 0x41]));
  await post(addresses.http, '{"by":"http","n":1}\n{"by":"http","n":2}');
  for (const text of ['{"by":"udp","n":1.50}', 'plain <b id="bold">text</b>', 'ff 00 41', '{"by":"http","n":2}']) {
    await row(page, text);
  }
  assert.equal(await page.locator('#bold').count(), 0, 'an event became markup');

  // A rate needs two readings of the counters with something in between.
  const lane = name => page.locator('.lane', {has: page.locator(`h3:text-matches("^${name} ")`)});
  await feedUntil(() => sendUdp(addresses.udp, '{"feed":1}'), async () =>
    Number(await lane('UDP').first().locator('.rate b').textContent()) > 0
    && Number(await page.textContent('#tile-out .value b')) > 0
    && await ink(page, '#listeners .lane canvas') > blank
    && await tinted(page, '#listeners .lane canvas') && await tinted(page, '#sinks .lane canvas'));
  assert.match(await lane('File').locator('.about').textContent(), /[1-9]\d* in all/);
  assert.equal(await page.textContent('#tile-clients .value b'), '1');
  assert.equal(await page.textContent('#tile-lost .value b'), '0');
  assert.match(await page.textContent('#losses'), /Nothing lost/);

  // Pointing at a chart reads it; so do the arrow keys.
  await page.focus('#listeners');
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(() => /^at \d\d:\d\d:\d\d$/.test(document.getElementById('scale-out').textContent), null, patience);
  await page.keyboard.press('Escape');

  // An open row is laid out over lines, with its numbers as they were written.
  await page.click('#pause');  // a list that moves is hard to hit
  await page.click('#rows .body:has-text("1.50")');  // not the time before it
  assert.equal(await page.textContent('#rows details[open] pre'), '{\n  "by": "udp",\n  "n": 1.50\n}');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('filter, pause and clear', limits, async () => {
  const {addresses} = await weir();
  const page = await open(addresses.http);
  await live(page);
  await post(addresses.http, Array.from({length: 40}, (_, n) => `{"n":${n},"kind":"${n % 4 ? 'hay' : 'Needle'}"}`).join('\n'));
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 40, null, patience);

  await page.keyboard.press('/');
  await page.keyboard.type('needle -"n":8,');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 9, null, patience);
  await post(addresses.http, '{"n":100,"kind":"hay"}\n{"n":101,"kind":"needle"}');
  await row(page, '"n":101');
  assert.equal(await rowCount(page), 10);
  await page.fill('#filter', '');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 42, null, patience);

  await page.focus('#rows');
  await page.keyboard.press('p');
  assert.equal(await page.getAttribute('#pause', 'aria-pressed'), 'true');
  await post(addresses.http, '{"n":200}\n{"n":201}');
  await note(page, /^paused · 2 newer/);
  assert.equal(await rowCount(page), 42);
  await page.click('#pause');
  await row(page, '"n":201');
  assert.equal(await rowCount(page), 44);
  assert.equal(await page.getAttribute('#pause', 'aria-pressed'), 'false');

  // Arrow keys walk, Enter opens, and reading holds the stream.
  await page.focus('#rows');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#rows details:nth-child(2)[open] pre', patience);
  assert.equal(await page.getAttribute('#pause', 'aria-pressed'), 'true');

  await page.click('#clear');
  assert.equal(await rowCount(page), 0);
  assert.ok(await page.locator('#empty').isVisible());
  await post(addresses.http, '{"n":300}');
  await row(page, '"n":300');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a page that can not keep up is told what it missed, and stays small', limits, async () => {
  const {addresses} = await weir();
  const page = await open(addresses.http);
  await live(page);
  const {host, port} = hostAndPort(addresses.tcp);
  const flood = net.connect(port, host);
  const lines = Array.from({length: 256}, (_, n) => `{"flood":${n},"filling":"${'x'.repeat(200)}"}\n`).join('');
  let flooding = true;
  const pour = () => { while (flooding && flood.write(lines)); };
  flood.on('drain', pour);
  flood.once('connect', pour);

  // The page's only thread stands still, but for asking, until weir has skipped something for it.
  await page.evaluate(() => {
    for (;;) {
      const request = new XMLHttpRequest();
      request.open('GET', 'metrics', false);
      request.send();
      if (/^weir_broadcast_missed_messages_total\{.*\} [1-9]/m.test(request.responseText)) return;
    }
  });
  flooding = false;
  flood.destroy();
  await note(page, /^showing 1 in [\d,.]+k? of [\d,.]+[kM]? a second/);
  await feedUntil(() => post(addresses.http, '{"after":"the flood"}'), async () => await page.locator('#rows .body:has-text("after")').count() > 0);
  await page.fill('#filter', 'after -flood');
  // Looked at and read in one go, for the next frame may already move it out of the list.
  await page.waitForFunction(
    () => /^[\d,]+ events skipped here$/.test(document.querySelector('#rows .marker.gap b')?.textContent), null, patience);

  // What came and what was skipped is what weir took in, to the message.
  await page.fill('#filter', '');
  await page.waitForFunction(async () => {
    const text = await (await fetch('metrics')).text();
    const published = Number(/^weir_published_messages_total (\S+)/m.exec(text)[1]);
    const [came, missed] = document.getElementById('stream-note').textContent.replaceAll(',', '').match(/\d+/g).map(Number);
    return came + missed === published;
  }, null, {...patience, polling: 500});
  assert.ok(await page.locator('#rows > *').count() <= 500);
  await page.waitForFunction(() => /missed.*Live stream/.test(document.getElementById('loss-list').textContent), null, patience);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('it comes back by itself', limits, async () => {
  const first = await weir();
  const page = await open(first.addresses.http);
  await live(page);
  await post(first.addresses.http, '{"before":"the end"}');
  await row(page, 'before');
  assert.deepEqual(page.faults, []);
  await first.kill();
  await page.waitForSelector('#state[data-phase="waiting"]', patience);
  await page.waitForSelector('#retry', patience);
  await page.waitForSelector('#away:not([hidden])', patience);
  await page.waitForFunction(() => document.title === 'Disconnected · weir', null, patience);

  const {host} = new URL(first.addresses.http);
  await weir(host);
  await live(page);
  page.faults.length = 0;  // Chromium reports each refused connection
  await post(first.addresses.http, '{"after":"it"}');
  await row(page, 'after');
  await page.waitForSelector('#rows .marker:has-text("Connected again")', patience);
  await page.waitForSelector('#away', {state: 'hidden', ...patience});
  await row(page, 'before');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a token in the address opens everything', limits, async () => {
  const {addresses} = await weir('127.0.0.1:0,token=open-sesame');
  const outside = await open(addresses.http);
  await outside.waitForSelector('#fault-token', patience);
  await outside.waitForSelector('#state[data-phase="waiting"]', patience);
  await outside.context().close();

  const page = await open(`${addresses.http}?access_token=open-sesame`);
  await live(page);
  await page.waitForSelector('#listeners .lane', patience);
  // The line to paste has it, too.
  await page.waitForSelector('#recipes code:has-text("Authorization: Bearer open-sesame")', patience);
  await run(await page.locator('#recipes code').first().textContent());
  await row(page, '{"hello":"weir"}');
  await page.fill('#event', '{"with":"a token"}');
  await page.press('#event', 'Enter');
  await row(page, 'a token');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('it fits a phone and a desktop, light and dark', limits, async () => {
  const {addresses} = await weir();
  const paper = {light: [], dark: []};
  for (const scheme of ['light', 'dark']) {
    for (const [name, width, height] of [['phone', 390, 844], ['desktop', 1280, 800]]) {
      const page = await open(addresses.http, {width, height, scheme});
      await live(page);
      await page.waitForSelector('#listeners .lane', {state: 'attached', ...patience});
      await page.screenshot({path: path.join(screenshots, `${name}-${scheme}-empty.png`)});
      await post(addresses.http, Array.from({length: 30}, (_, n) =>
        `{"id":${n},"event":"sensor.temperature","room":"kitchen","celsius":${20 + n / 10},"ok":${n % 5 > 0},"note":null}`).join('\n'));
      await row(page, '"id":29');
      await page.screenshot({path: path.join(screenshots, `${name}-${scheme}.png`)});
      if (name === 'phone') {
        await page.click('.tabs [data-view="charts"]');
        await page.waitForSelector('#values tbody tr', patience);
        await page.screenshot({path: path.join(screenshots, `${name}-${scheme}-charts.png`), fullPage: true});
        await page.click('.tabs [data-view="flow"]');
        await page.waitForSelector('#listeners .lane canvas', patience);
        await page.screenshot({path: path.join(screenshots, `${name}-${scheme}-flow.png`), fullPage: true});
      }
      const sizes = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(sizes[0] <= sizes[1], `${name}: ${sizes[0]} px wide on ${sizes[1]}`);
      paper[scheme].push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
  }
  assert.notDeepEqual(paper.light, paper.dark);
});
