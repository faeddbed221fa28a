// The page's bars, table and stream of events, in a real browser against the real program.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {limits, live, note, open, patience, post, pour, row, rowCount, table, tableIs, weir} from './page.mjs';

const legend = page => page.$$eval('#legend button:not([hidden])', all => all.map(button => button.textContent));

/** Waits until a colour of the style sheet is in the bars, or until it is not. */
const coloured = (page, name, wanted = true) => page.waitForFunction(([name, wanted]) => {
  const canvas = document.querySelector('#bars canvas');
  const hex = getComputedStyle(canvas).getPropertyValue(name).trim();
  const [r, g, b] = [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let found = false;
  for (let i = 0; i < data.length && !found; i += 4) found = data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255;
  return found === wanted;
}, [name, wanted], patience);

const lines = (n, make) => Array.from({length: n}, (_, at) => JSON.stringify(make(at))).join('\n');

/** 30 order.paid, 20 order.created, 10 door, 5 of no type; over accounts a0, a1 and a2. */
const mixed = () => [
  lines(30, n => ({type: 'order.paid', n, data: {account: `a${n % 3}`, total: 12.5}})),
  lines(20, n => ({type: 'order.created', n, data: {account: 'a0'}})),
  lines(10, n => ({type: 'door', n})),
  lines(5, n => ({n, text: 'of no type'})),
].join('\n');

const byTopic = [['order.paid', 30], ['order.created', 20], ['door', 10], ['(none)', 5]];

test('bars and table by topic, and by a member that is picked later', limits, async () => {
  const {addresses} = await weir();
  const page = await open(addresses.http);
  await live(page);
  await post(addresses.http, mixed());
  await tableIs(page, byTopic);
  assert.deepEqual((await legend(page)).sort(), byTopic.map(([name]) => name).sort());
  for (const colour of ['--c0', '--c1', '--c2', '--c3']) await coloured(page, colour);
  assert.match(await page.textContent('#breakdown-note'), /^65 events in 5 min · 65 in all$/);

  // A colour is switched off and on by keyboard.
  const first = page.locator('#legend button:has(.c0)');
  await first.focus();
  await page.keyboard.press('Space');
  assert.equal(await first.getAttribute('aria-pressed'), 'false');
  await coloured(page, '--c0', false);
  await coloured(page, '--c1');
  await page.keyboard.press('Space');
  await coloured(page, '--c0');

  // The events that are still there are counted by what is picked.
  const suggested = await page.$$eval('#members option', options => options.map(option => option.value));
  assert.ok(['topic', 'listener', 'data.account', 'data.total', 'n'].every(path => suggested.includes(path)), suggested.join());
  await page.focus('#rows');
  await page.keyboard.press('b');
  await page.keyboard.type('data.account');
  await page.keyboard.press('Enter');
  await tableIs(page, [['a0', 30], ['(none)', 15], ['a1', 10], ['a2', 10]]);
  assert.equal(new URL(page.url()).searchParams.get('by'), 'data.account');
  await post(addresses.http, lines(40, () => ({type: 'door', data: {account: 'a2'}})));
  await tableIs(page, [['a2', 50], ['a0', 30], ['(none)', 15], ['a1', 10]]);

  // Sorted as one likes, and the address says by what.
  await page.click('#values button[data-sort="name"]');
  assert.deepEqual((await table(page)).map(([name]) => name), ['(none)', 'a0', 'a1', 'a2']);
  assert.equal(await page.getAttribute('#values th:first-child', 'aria-sort'), 'ascending');
  await page.reload();
  await live(page);
  assert.equal(await page.inputValue('#by'), 'data.account');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('one bar is read by pointer and by keyboard', limits, async () => {
  const {addresses} = await weir();
  const page = await open(addresses.http);
  await live(page);
  await page.click('[data-minutes="1"]');
  assert.equal(await page.getAttribute('[data-minutes="1"]', 'aria-pressed'), 'true');
  await post(addresses.http, mixed());
  await tableIs(page, byTopic);
  await coloured(page, '--c0');

  await page.focus('#bars');
  await page.keyboard.press('End');
  for (let step = 0; step < 60 && !/order\.paid/.test(await page.textContent('#readout-said')); ++step) await page.keyboard.press('ArrowLeft');
  assert.match(await page.textContent('#readout-said'), /^\d\d:\d\d:\d\d · \d+ events?, order\.paid\d+/);
  await page.keyboard.press('Escape');
  assert.ok(await page.locator('#readout').isHidden());

  const box = await page.locator('#bars canvas').boundingBox();
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
  await page.waitForSelector('#readout:not([hidden]) p:has-text("before the oldest event here")', patience);
  await page.mouse.move(box.x + box.width / 4, box.y + box.height + 200);
  assert.ok(await page.locator('#readout').isHidden());
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a name in the table filters the stream', limits, async () => {
  const {addresses} = await weir();
  const page = await open(addresses.http);
  await live(page);
  await post(addresses.http, mixed());
  await tableIs(page, byTopic);
  await page.click('#values tbody button:text-is("door")');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 10, null, patience);
  assert.equal(await page.textContent('#only-text'), 'topic: door');
  assert.equal(await page.getAttribute('#values tbody button:text-is("door")', 'aria-pressed'), 'true');
  await post(addresses.http, '{"type":"order.paid","n":"hay"}\n{"type":"door","n":"needle"}');
  await row(page, 'needle');
  assert.equal(await rowCount(page), 11);

  // Together with words, and what has no topic at all.
  await page.fill('#filter', '-needle');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 10, null, patience);
  await page.fill('#filter', '');
  await page.focus('#values tbody button:text-is("(none)")');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 5, null, patience);
  await page.click('#only');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 67, null, patience);
  assert.ok(await page.locator('#only').isHidden());

  // The words are looked for in the topic, too.
  await page.fill('#filter', 'order.created');
  await page.waitForFunction(() => document.querySelectorAll('#rows details').length === 20, null, patience);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('an event is laid out and copied as it came', limits, async () => {
  const {addresses} = await weir();
  const page = await open(addresses.http, {permissions: ['clipboard-read', 'clipboard-write']});
  await live(page);
  const sent = '{"type":"order.paid","total":1.50,"lines":[{"sku":"x"}]}';
  await post(addresses.http, sent);
  await row(page, 'order.paid');
  assert.equal(await page.textContent('#rows .topic'), 'order.paid');
  await page.focus('#rows');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.match(await page.textContent('#rows details[open] pre'), /\n {2}"total": 1\.50,\n/);
  assert.match(await page.textContent('#rows details[open] .about'), /JSON · topic order\.paid/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#rows .copy:text-is("Copied")', patience);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), sent);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('every control is reached by keyboard, named, and seen to have the focus', limits, async () => {
  const {addresses} = await weir();
  const page = await open(addresses.http, {motion: 'reduce'});
  await live(page);
  await post(addresses.http, mixed());
  await tableIs(page, byTopic);
  await row(page, 'of no type');
  await page.waitForSelector('#sinks .lane', patience);
  const reached = new Set();
  for (let step = 0; step < 80; ++step) {
    await page.keyboard.press('Tab');
    const {name, seen, label} = await page.evaluate(() => {
      const at = document.activeElement;
      const text = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent;
      return {name: at.id || at.dataset.minutes || at.dataset.sort || at.closest('[id]')?.id,
              seen: getComputedStyle(at).outlineStyle !== 'none' || at === document.body, label: text.trim()};
    });
    assert.ok(seen, `${name} does not show that it has the focus`);
    assert.ok(label !== '', `${name} has no name`);
    if (reached.has('sinks') && name === 'sinks') break;
    reached.add(name);
  }
  for (const name of ['by', '1', '15', 'bars', 'legend', 'name', 'share', 'values', 'filter', 'pause', 'clear', 'rows', 'event', 'listeners', 'sinks']) {
    assert.ok(reached.has(name), `${name} is not reached: ${[...reached]}`);
  }
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.dot'), '::after').animationName), 'none');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('5,000 events a second: counts are exact, and the page says that it shows a part', limits, async () => {
  const {addresses} = await weir();
  const page = await open(addresses.http);
  await live(page);
  const types = ['order.paid', 'order.paid', 'order.paid', 'order.created', 'door'];
  const flood = await pour(addresses.tcp, 5000, n =>
    `{"type":"${types[n % 5]}","n":${n},"data":{"account":"a${n % 700}","note":"${'x'.repeat(80)}"}}\n`);
  await note(page, /^showing 1 in \d/);

  // It does what it is asked for meanwhile.
  await page.click('[data-minutes="1"]');
  await page.fill('#filter', 'door');
  await note(page, /matching a second/);
  await page.click('#pause');
  await note(page, /^paused · [\d,]+ newer/);
  await page.click('#pause');
  await page.fill('#filter', '');
  while (flood.sent < 25_000) await page.waitForFunction(() => new Promise(done => requestAnimationFrame(() => done(true))));
  const sent = await flood.stop();

  await page.waitForFunction(sent => {
    const [, all] = /([\d,]+) in all$/.exec(document.getElementById('breakdown-note').textContent) ?? [];
    return Number(all?.replaceAll(',', '')) === sent;
  }, sent, patience);
  const ofType = type => Array.from({length: sent}, (_, n) => types[n % 5]).filter(name => name === type).length;
  assert.deepEqual((await table(page)).sort(), ['door', 'order.created', 'order.paid'].map(type => [type, ofType(type)]));
  assert.ok(await page.locator('#rows > *').count() <= 500);

  // By a member that nobody asked for before: what is still there, 500 values of it; the rest is said to be unknown.
  await page.fill('#by', 'data.account');
  await page.press('#by', 'Enter');
  await page.waitForFunction(() => document.querySelectorAll('#values tbody tr').length === 100, null, patience);
  assert.match(await page.textContent('#values tfoot'), /400 more/);
  await page.click('#values button[data-sort="total"]');
  const counted = (await table(page)).reduce((sum, [, n]) => sum + n, 0);
  const unknown = Number(/([\d,]+) events not told apart/.exec(await page.textContent('#values tfoot'))[1].replaceAll(',', ''));
  assert.ok(unknown > sent - 10_000 && counted > 0 && counted + unknown < sent, `${counted}, ${unknown} of ${sent}`);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('long names that differ at their ends are told apart', limits, async () => {
  const {addresses} = await weir();
  const page = await open(addresses.http);
  await live(page);
  const names = Array.from({length: 9}, (_, n) => `a.topic.with.a.name.that.is.far.too.long.for.any.column.${n}`);
  await post(addresses.http, names.map(type => JSON.stringify({type})).join('\n'));
  await tableIs(page, names.map(name => [name, 1]));
  // The end of each is inside of what is seen of it.
  const cut = await page.evaluate(() => [...document.querySelectorAll('.name.long')].filter(name => {
    if (!name.checkVisibility()) return false;
    const tail = name.querySelector('.tail').getBoundingClientRect(), seen = name.getBoundingClientRect();
    return name.scrollWidth > name.clientWidth + 1 || tail.right > seen.right + 1;
  }).map(name => name.textContent));
  assert.deepEqual(cut, []);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
