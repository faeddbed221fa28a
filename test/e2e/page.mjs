// A browser, a running weir and what the tests of the page look at, for page.test.mjs and dashboard.test.mjs.

import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import net from 'node:net';
import {after, before} from 'node:test';
import {chromium} from 'playwright-core';
import {hostAndPort, program, start} from './weir.mjs';

export const patience = {timeout: 30_000};
export const limits = {timeout: 120_000};
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
               '--disable-background-networking', '--disable-component-update', '--disable-sync'];
export const screenshots = path.join(path.dirname(program), 'page-screenshots');

process.once('SIGTERM', () => process.exit(1));

let browser, folder;
const running = [];

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'weir-page-'));
  await mkdir(screenshots, {recursive: true});
  browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: flags});
});

after(async () => {
  await browser?.close();
  for (const weir of running) await weir.kill();
  await rm(folder, {recursive: true, force: true});
});

/** With http, udp, tcp and a file; `more` are further arguments, `kinds` the listeners among them. */
export async function weir(http = '127.0.0.1:0', {more = [], kinds = []} = {}) {
  const file = path.join(folder, `events-${running.length}.ndjson`);
  const started = await start(
    ['--http', http, '--udp', '127.0.0.1:0', '--tcp', '127.0.0.1:0', '--file', file, ...more],
    ['http', 'udp', 'tcp', ...kinds]);
  running.push(started);
  return started;
}

/** Opens the page, and notes every fault and every request that leaves the program. */
export async function open(address, {width = 1280, height = 800, scheme = 'light', permissions = [], motion = 'no-preference'} = {}) {
  const context = await browser.newContext({viewport: {width, height}, colorScheme: scheme, reducedMotion: motion, permissions,
                                            deviceScaleFactor: width < 500 ? 2 : 1});
  const page = await context.newPage();
  const {host} = new URL(address);
  page.faults = [];
  page.on('console', message => ['error', 'warning'].includes(message.type())
    && !message.text().includes('getImageData')  // that is this test, looking at the charts
    && page.faults.push(message.text()));
  page.on('pageerror', error => page.faults.push(String(error)));
  page.on('request', request => new URL(request.url()).host === host || page.faults.push(`asks for ${request.url()}`));
  page.on('websocket', socket => new URL(socket.url()).host === host || page.faults.push(`opens ${socket.url()}`));
  await page.goto(address);
  return page;
}

/** A page of somebody else's. */
export async function visit(address) {
  const page = await browser.newPage();
  await page.goto(address);
  return page;
}

export const live = page => page.waitForSelector('#state[data-phase="open"]', patience);
export const row = (page, text) => page.waitForFunction(
  wanted => [...document.querySelectorAll('#rows .body')].some(body => body.textContent.includes(wanted)), text, patience);
export const note = (page, pattern) => page.waitForFunction(
  source => new RegExp(source).test(document.getElementById('stream-note').textContent), pattern.source, patience);
export const rowCount = page => page.locator('#rows details').count();

/** What the table says: [[name, count], …] from the top. */
export const table = page => page.$$eval('#values tbody tr', rows => rows.map(row =>
  [row.querySelector('button').textContent, Number(row.querySelector('td').textContent.replaceAll(',', ''))]));

export const tableIs = (page, wanted) => page.waitForFunction(wanted => JSON.stringify([...document.querySelectorAll('#values tbody tr')].map(row =>
  [row.querySelector('button').textContent, Number(row.querySelector('td').textContent.replaceAll(',', ''))])) === wanted,
JSON.stringify(wanted), patience);

export function sendUdp(address, ...events) {
  const {host, port} = hostAndPort(address);
  const socket = dgram.createSocket('udp4');
  return Promise.all(events.map(event => new Promise((done, fail) =>
    socket.send(event, port, host, error => (error ? fail(error) : done()))))).finally(() => socket.close());
}

export async function post(address, body) {
  const answer = await fetch(address, {method: 'POST', body, headers: {'Content-Type': 'application/x-ndjson'}});
  assert.equal(answer.status, 204);
}

/** Waits until the card above the bars says so many events in all, and so many missed. */
export const total = (page, events, missed = 0) => page.waitForFunction(([events, missed]) => {
  const said = document.getElementById('breakdown-note').textContent.replaceAll(',', '');
  return said.endsWith(` ${events} in all${missed ? ` · ${missed} missed` : ''}`);
}, [events, missed], patience);

/** How many pixels of a canvas are painted. */
export const ink = (page, selector) => page.locator(selector).first().evaluate(canvas => {
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let painted = 0;
  for (let i = 3; i < data.length; i += 4) painted += data[i] > 0;
  return painted;
});

/** Whether a canvas shows a colour rather than a grey. */
export const tinted = (page, selector) => page.locator(selector).first().evaluate(canvas => {
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 99 && Math.abs(data[i] - data[i + 2]) > 40) return true;
  return false;
});

/** Goes on sending until what it leads to is seen. */
export async function feedUntil(feed, seen) {
  const end = Date.now() + patience.timeout;
  while (!await seen()) {
    assert.ok(Date.now() < end, 'never seen');
    await feed();
  }
}

/** Feeds weir lines over TCP, so many a second as far as this process comes to it, until it is told to stop. */
export async function pour(address, perSecond, line) {
  const {host, port} = hostAndPort(address);
  const socket = net.connect(port, host);
  await new Promise((done, fail) => socket.once('connect', done).once('error', fail));
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - began) * perSecond / 1000) - sent;
    if (due > 0) socket.write(Array.from({length: due}, () => line(sent++)).join(''));
  }, 10);
  return {
    get sent() {
      return sent;
    },
    async stop() {
      clearInterval(timer);
      await new Promise(done => socket.end(done));
      return sent;
    },
  };
}
