// That the page can be read and stands still: contrast of every text (WCAG 2.2, 1.4.3 and 1.4.11), and nothing that moves
// when events come or weir goes away.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {limits, live, open, patience, post, row, total, weir} from './page.mjs';

/** Everything on the page that can't be read well: [[text, ratio], …]; and how many texts there are. In the page. */
function faint() {
  const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return {rgb: [r, g, b], a: a / 255};
  };
  const over = ({rgb, a}, under) => rgb.map((c, at) => c * a + under[at] * (1 - a));
  const parents = element => (element ? [...parents(element.parentElement), element] : []);
  const ground = element => parents(element).reduce((under, at) => over(rgba(getComputedStyle(at).backgroundColor), under), [255, 255, 255]);
  const veil = element => parents(element).reduce((product, at) => product * Number(getComputedStyle(at).opacity), 1);
  const luminance = rgb => rgb.map(c => c / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const found = [];
  let texts = 0;
  const look = (what, colour, element, least) => {
    ++texts;
    const under = ground(element), {rgb, a} = rgba(colour);
    const is = ratio(over({rgb, a: a * veil(element)}, under), under);
    if (is < least) found.push([what, is.toFixed(2)]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const {data, parentElement: element} = walker.currentNode;
    if (!data.trim() || !element.checkVisibility() || element.closest('.unseen, datalist')) continue;
    look(data, getComputedStyle(element).color, element, 4.5);
  }
  for (const input of document.querySelectorAll('input')) {
    if (!input.checkVisibility()) continue;
    look(`value of ${input.id}`, getComputedStyle(input).color, input, 4.5);
    look(`placeholder of ${input.id}`, getComputedStyle(input, '::placeholder').color, input, 4.5);
  }
  // What is painted on the bars' canvas, and what is told by colour alone.
  const bars = document.getElementById('bars'), style = getComputedStyle(bars);
  const tone = name => style.getPropertyValue(name).trim();
  const well = rgba(tone('--well')).rgb, ink = rgba(tone('--muted')).rgb;
  if (ratio(ink, well) < 4.5) found.push(['words on the bars', ratio(ink, well).toFixed(2)]);
  for (const name of [...Array.from({length: 8}, (_, at) => `--c${at}`), '--other', '--in', '--out', '--focus']) look(name, tone(name), bars, 3);
  const dot = document.querySelector('.dot');
  look('dot', getComputedStyle(dot).backgroundColor, dot.parentElement, 3);
  return {found, texts};
}

const readable = async (page, what) => {
  const {found, texts} = await page.evaluate(faint);
  assert.ok(texts > 40, `${what}: ${texts} texts`);
  assert.deepEqual(found, [], what);
};

const long = n => JSON.stringify({type: `a.rather.long.name.of.a.topic.${n}`, n, ok: true, none: null, text: '<i>x</i>'});

async function refused(address) {
  const answer = await fetch(address, {method: 'POST', body: ''});
  assert.equal(answer.status, 400);
}

test('every text has contrast enough, whatever the page shows', limits, async () => {
  for (const scheme of ['light', 'dark']) {
    const running = await weir('127.0.0.1:0', {more: ['--post', 'http://127.0.0.1:9/,retry-for=0s']});
    const {http} = running.addresses;
    const page = await open(http, {scheme});
    await live(page);
    await page.waitForSelector('#recipes li', patience);
    await readable(page, `${scheme}, empty`);

    await post(http, `${Array.from({length: 12}, (_, n) => long(n)).join('\n')}\nplain`);
    await refused(http);
    await row(page, 'topic.11');
    await page.waitForSelector('#loss-list .bad', patience);
    await page.waitForSelector('#loss-list .warn', patience);
    await page.click('#values tbody tr:last-child button');
    await page.click('#legend button');
    await page.click('#rows summary');
    await page.waitForSelector('#rows details[open] pre', patience);
    await page.fill('#event', '');
    await readable(page, `${scheme}, busy`);
    await page.fill('#filter', 'nothing has this');
    await page.waitForSelector('#empty-title:text-is("Nothing matches")', patience);
    await readable(page, `${scheme}, nothing matches`);

    await running.kill();
    await page.waitForSelector('#away:not([hidden])', patience);
    await readable(page, `${scheme}, lost`);
    await page.context().close();
  }
});

/** Where the parts of the page stand. */
const places = page => page.evaluate(() => Object.fromEntries(
  ['h1', '.tiles', '#tile-in', '#tile-lost', '.breakdown', '#bars', '#by', '#values thead', '#values th:nth-child(2)', '.stream', '#filter',
   '#pause', '#clear', '#rows', '#send', '#event', '.flow', '#listeners'].map(selector => {
    const {x, y, width, height} = document.querySelector(selector).getBoundingClientRect();
    return [selector, [x, y, width, height].map(n => Math.round(10 * n) / 10).join(' ')];
  })));

test('nothing moves when events come, when it pauses, nor when weir goes and comes', limits, async () => {
  for (const [width, height] of [[1280, 800], [390, 844]]) {
    const first = await weir();
    const page = await open(first.addresses.http, {width, height});
    await live(page);
    await page.waitForSelector('#recipes li', patience);
    await page.waitForSelector('#sinks .lane', {state: 'attached', ...patience});
    const still = await places(page);

    await post(first.addresses.http, Array.from({length: 40}, (_, n) => long(n)).join('\n'));
    await refused(first.addresses.http);
    await row(page, 'topic.39');
    await total(page, 40);
    await page.waitForSelector('#loss-list .warn', {state: 'attached', ...patience});
    assert.deepEqual(await places(page), still, `${width}, busy`);
    await page.click('#pause');
    assert.deepEqual(await places(page), still, `${width}, paused`);
    await page.click('#pause');

    await first.kill();
    await page.waitForFunction(() => document.body.classList.contains('lost'), null, patience);
    await page.waitForSelector('#state[data-phase="waiting"]', patience);
    assert.deepEqual(await places(page), still, `${width}, lost`);
    await weir(new URL(first.addresses.http).host);
    await live(page);
    await page.waitForFunction(() => !document.body.classList.contains('lost'), null, patience);
    assert.deepEqual(await places(page), still, `${width}, back`);
    await page.context().close();
  }
});
