// What the page holds after a reload, a cut and a restart, against the real program: every event once.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {feedUntil, limits, live, open, patience, post, row, rowCount, sendUdp, total, weir} from './page.mjs';
import {proxy} from './page_server.mjs';

const lines = (from, n, more = '') => Array.from({length: n}, (_, at) => `{"n":${from + at}${more}}`).join('\n');

/** The numbers in the rows, newest first. */
const numbers = page => page.$$eval('#rows .body', all => all.map(body => JSON.parse(body.textContent).n));

const waiting = page => page.waitForSelector('#state[data-phase="waiting"]', patience);

const markers = (page, text) => page.locator(`#rows .marker:has-text("${text}")`).count();

/** The envelopes that weir holds. */
async function held(address, last) {
  const answer = await fetch(`${address}events?raw&meta=1&last=${last}`);
  const found = [];
  let text = '';
  for await (const chunk of answer.body) {
    text += Buffer.from(chunk).toString();
    found.splice(0, found.length, ...text.split('\n').slice(0, -1).map(line => JSON.parse(line)));
    if (found.length >= last) break;  // which ends the answer; more may have come just now
  }
  return found;
}

test('what came before the page was opened stands at its own time', limits, async () => {
  const {addresses} = await weir();
  await post(addresses.http, '{"type":"early","n":1}');
  const [{time}] = await held(addresses.http, 1);
  // Until weir itself has read an event seconds later.
  await feedUntil(() => post(addresses.http, '{"type":"late"}'), async () => {
    const [newest] = await held(addresses.http, 1);
    return Date.parse(newest.time) - Date.parse(time) > 3000;
  });
  const page = await open(addresses.http);
  await live(page);
  await page.click('[data-minutes="1"]');
  const clock = await page.evaluate(time => new Date(time).toTimeString().slice(0, 8), time);
  await page.fill('#filter', 'early');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 1, null, patience);
  assert.equal((await page.textContent('#rows time')).split('.')[0], clock);
  await page.focus('#bars');
  await page.keyboard.press('Home');
  for (let step = 0; step < 60 && !/early/.test(await page.textContent('#readout-said')); ++step) await page.keyboard.press('ArrowRight');
  assert.match(await page.textContent('#readout-said'), new RegExp(`^${clock} · .*early1`));
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a cut and a reload neither lose nor count twice', limits, async () => {
  const {addresses} = await weir();
  const way = await proxy(addresses.http);
  const page = await open(way.address);
  await live(page);
  await post(addresses.http, lines(0, 3));
  await total(page, 3);
  for (const [sent, more] of [[3, 4], [7, 0], [7, 1]]) {
    way.cut();
    await waiting(page);
    if (more) await post(addresses.http, lines(sent, more));
    way.lead(addresses.http);
    await page.click('#retry').catch(() => {});  // it may be back already
    await live(page);
    await total(page, sent + more);
  }
  await sendUdp(addresses.udp, '{"n":8}');
  await total(page, 9);
  await row(page, '{"n":8}');
  assert.deepEqual(await numbers(page), [8, 7, 6, 5, 4, 3, 2, 1, 0]);
  assert.deepEqual([await markers(page, 'Connected again'), await markers(page, 'started anew'), await markers(page, 'not shown')], [3, 0, 0]);
  await page.reload();
  await live(page);
  await total(page, 9);
  await row(page, '{"n":0}');
  assert.equal(await rowCount(page), 9);
  await page.context().close();
  await way.close();
});

test('a weir that was started anew is followed from its beginning, however far it came', limits, async () => {
  for (const came of [1, 3, 5]) {
    const first = await weir();
    const way = await proxy(first.addresses.http);
    const page = await open(way.address);
    await live(page);
    await post(first.addresses.http, lines(0, 3));
    await total(page, 3);
    way.cut();
    await waiting(page);
    await first.kill();
    const second = await weir();
    await post(second.addresses.http, lines(100, came));
    way.lead(second.addresses.http);
    await total(page, 3 + came);
    await row(page, `{"n":${99 + came}}`);
    assert.deepEqual(await numbers(page), [...Array.from({length: came}, (_, at) => 99 + came - at), 2, 1, 0]);
    assert.equal(await markers(page, 'started anew'), 1);
    await post(second.addresses.http, '{"n":"next"}');
    await total(page, 4 + came);
    await page.reload();
    await live(page);
    await total(page, 1 + came);
    await page.context().close();
    await way.close();
  }
});

test('what weir no longer held after a cut is said, to the event', limits, async () => {
  const {addresses} = await weir('127.0.0.1:0,history=128KiB');
  const way = await proxy(addresses.http);
  const page = await open(way.address);
  await live(page);
  await post(addresses.http, lines(0, 3));
  await total(page, 3);
  way.cut();
  await waiting(page);
  const filling = `,"filling":"${'x'.repeat(500)}"`;
  for (let at = 0; at < 2000; at += 100) await post(addresses.http, lines(1000 + at, 100, filling));
  way.lead(addresses.http);
  await row(page, '"n":2999,');
  await page.waitForFunction(() => {
    const [, came, missed] = /([\d,]+) in all · ([\d,]+) missed$/.exec(document.getElementById('breakdown-note').textContent) ?? [];
    return came && Number(came.replace(',', '')) + Number(missed.replace(',', '')) === 2003;
  }, null, patience);
  await page.fill('#filter', '-filling');
  await page.waitForFunction(
    () => /^[\d,]+ events skipped here$/.test(document.querySelector('#rows .marker.gap b')?.textContent), null, patience);
  await page.context().close();
  await way.close();
});
