// What the page makes of a live stream with envelopes: history, numbers, gaps and a weir that was started anew.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {limits, live, open, patience, row, rowCount, total} from './page.mjs';
import {envelope, serve} from './page_server.mjs';

test('the history fills the bars, and a stream that broke goes on where it was', limits, async () => {
  const began = Date.now();
  // A minute and a half of it, an event a second.
  const past = Array.from({length: 90}, (_, n) => envelope(n + 1, began - (95 - n) * 1000, n % 3 ? 'door' : 'window', `{"n":${n}}`));
  const server = await serve(query => {
    if (query.has('last')) return past;
    const since = Number(query.get('since'));
    return since === 89 ? [...past.slice(since), envelope(91, Date.now(), 'door', '{"n":"while away"}')] : [];
  });
  const page = await open(server.address);
  await live(page);
  await total(page, 90);
  assert.match(await page.textContent('#breakdown-note'), /^90 events in 5 min/);
  assert.deepEqual([server.asked[0].get('meta'), server.asked[0].get('last')], ['1', '10000']);
  // A weir without metrics is no reason to show nothing.
  await page.waitForSelector('#fault:has-text("/metrics answers 404")', patience);
  await page.click('[data-minutes="1"]');
  await page.waitForFunction(() => /^(5\d|60) events in 1 min/.test(document.getElementById('breakdown-note').textContent), null, patience);
  await page.click('#values tbody button:text-is("window")');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 30, null, patience);
  await page.click('#only');

  page.faults.length = 0;  // the 404
  server.cut();
  await row(page, 'while away');
  await page.waitForSelector('#rows .marker:has-text("Connected again")', patience);
  // The last event is asked for once more, to see that it is the same weir, and not counted again.
  assert.equal(server.asked.at(-1).get('since'), '89');
  assert.ok(!server.asked.at(-1).has('last'));
  await total(page, 91);
  assert.equal(await page.locator('#rows .marker:has-text("not shown")').count(), 0);

  // What was skipped has its numbers, too.
  server.say('{"weir":"gap","missed":9}');
  server.say(envelope(101, Date.now(), 'door', '{"n":"behind the gap"}'));
  await row(page, 'behind the gap');
  await page.waitForSelector('#rows .marker.gap:has-text("9 events skipped here")', patience);
  await total(page, 92, 9);
  const before = server.asked.length;
  server.cut();
  await page.waitForFunction(() => document.querySelectorAll('#rows .marker:not(.gap)').length === 2, null, patience);
  assert.equal(server.asked[before].get('since'), '100');

  // And a weir that counts from 1 again is followed from there.
  server.say('{"weir":"restart"}');
  server.say(envelope(1, Date.now(), 'door', '"no JSON <b>at all</b>"'));
  await row(page, 'no JSON <b>at all</b>');
  await page.waitForSelector('#rows .marker:has-text("started anew")', patience);
  const again = server.asked.length;
  server.cut();
  await page.waitForFunction(() => document.querySelectorAll('#rows .marker:not(.gap)').length === 4, null, patience);
  assert.equal(server.asked[again].get('since'), '0');
  await page.context().close();
  await server.close();
});

test('an event says which listener took it, and what is binary is shown as bytes', limits, async () => {
  const server = await serve(() => [
    envelope(1, Date.now(), 'a', '{"n":1.50}', 'udp'),
    envelope(2, Date.now(), 'b', '{"n":2}', 'http'),
    envelope(3, Date.now(), '', '"/wBB","encoding":"base64"', 'http'),
  ]);
  const page = await open(`${server.address}?by=listener&minutes=15`);
  await live(page);
  await page.waitForFunction(() => document.querySelectorAll('#values tbody tr').length === 2, null, patience);
  assert.equal(await page.getAttribute('[data-minutes="15"]', 'aria-pressed'), 'true');
  await row(page, 'ff 00 41');
  await page.click('#values tbody button:text-is("udp")');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 1, null, patience);
  await page.click('#rows summary');
  assert.match(await page.textContent('#rows details[open] .about'), /10 bytes · JSON · topic a · from udp · number 1/);
  await page.click('#only');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 3, null, patience);
  assert.equal(await rowCount(page), 3);
  await page.context().close();
  await server.close();
});
