// The page of weir: reads /metrics once a second, follows /live, and shows both.

import {Breakdown} from './breakdown.js';
import {Empty} from './empty.js';
import {read} from './entry.js';
import {Events} from './events.js';
import {span as spanText} from './format.js';
import {most} from './history.js';
import {Axis, Backdrop, Lanes, set} from './lanes.js';
import {labelOf} from './legend.js';
import {Live} from './live.js';
import {Books} from './metrics.js';
import {Overview} from './overview.js';
import {pickFor} from './pick.js';
import {Position} from './position.js';
import {sendFrom} from './send.js';

const $ = id => document.getElementById(id);
const token = new URLSearchParams(location.search).get('access_token');
const authorization = token ? {Authorization: `Bearer ${token}`} : {};
const still = matchMedia('(prefers-reduced-motion: reduce)');
const dark = matchMedia('(prefers-color-scheme: dark)');

const books = new Books();
const axis = new Axis();
const overview = new Overview();
const charts = [
  new Lanes($('listeners'), $('scale-in'), axis),
  new Lanes($('sinks'), $('scale-out'), axis),
  new Backdrop($('tile-in').querySelector('canvas'), books.received),
  new Backdrop($('tile-out').querySelector('canvas'), books.delivered),
];
const events = new Events({rows: $('rows'), note: $('stream-note'), changed: showEvents});
const breakdown = new Breakdown({now: serverTime, kept: () => events.kept, choice: () => events.choice, chosen: choose});
const empty = new Empty(events, books, token);
const live = new Live(liveUrl, {message: take, open: reopened, change: showState});
let metricsFault = '';
const position = new Position({last: most});
let ahead = 0;  // milliseconds that weir's clock is ahead of this one

function serverTime() {
  return Date.now() + ahead;
}

/** A weir that knows no numbers ignores what is asked here, and sends bare events from now on. */
function liveUrl() {
  const url = new URL('live', document.baseURI);
  url.protocol = url.protocol.replace('http', 'ws');
  url.search = new URLSearchParams({meta: 1, ...position.ask(), ...(token ? {access_token: token} : {})});
  return url.href;
}

// The connection

function take(frame) {
  const {event, json, stamp} = read(frame, serverTime());
  const what = position.judge(event, stamp);
  if (what === 'skip') return;
  if (what === 'anew') {
    events.take({kind: 'restart'});
    live.again();
    return;
  }
  if (event.kind === 'text' || event.kind === 'binary') breakdown.take(event, json);
  events.take(event);
  breakdown.missed = events.missed;
}

function reopened(wasDown) {
  if (!wasDown || events.empty) return;
  events.remark(`Connected again after ${spanText(wasDown)}.${position.numbered ? '' : ' What came in between is not shown.'}`);
}

const words = {
  open: () => 'Live',
  connecting: () => (live.everOpen ? 'Reconnecting' : 'Connecting'),
  waiting: () => (metricsFault === 'token' ? 'Not allowed' : live.everOpen ? 'Disconnected' : 'No live stream'),
};

function showState() {
  $('state').dataset.phase = live.phase;
  set($('state-text'), words[live.phase]());
  const left = Math.max(1, Math.ceil((live.until - Date.now()) / 1000));
  $('state-wait').textContent = live.phase === 'waiting' ? `${left} s` : '';
  $('retry').hidden = live.phase !== 'waiting';
  showTitle();
}

function showTitle() {
  const {messages} = books.received.rate;
  const title = live.phase === 'waiting' ? `${words.waiting()} · weir`
    : messages >= 1 ? `${Math.round(messages).toLocaleString('en-US')}/s · weir` : 'weir';
  if (document.title !== title) document.title = title;
}

// The metrics

async function readMetrics() {
  const asked = Date.now();
  const answer = await fetch('metrics', {headers: authorization, cache: 'no-store', signal: AbortSignal.timeout(5000)});
  if (answer.status === 401 || answer.status === 403) return 'token';
  if (!answer.ok) return `/metrics answers ${answer.status}`;
  const text = await answer.text();
  // weir counted at some time between the two.
  const time = (asked + Date.now()) / 2;
  // The header has whole seconds, so that a small difference says nothing.
  const offset = Date.parse(answer.headers.get('Date')) - time;
  ahead = Math.abs(offset) > 2000 ? offset : 0;
  books.update(text, time);
  showBooks(time);
  return '';
}

async function followMetrics() {
  for (;;) {
    const began = performance.now();
    try {
      metricsFault = await readMetrics();
    } catch {
      metricsFault = 'lost';
    }
    showFault();
    empty.fault = metricsFault;
    empty.show();
    const pause = !metricsFault ? 1000 : metricsFault === 'lost' ? 2000 : 5000;
    await new Promise(done => setTimeout(done, Math.max(500, pause - (performance.now() - began))));
  }
}

function showBooks(time = Date.now()) {
  charts[0].update(books.takers);
  charts[1].update(books.sinks.values());
  overview.update(books, axis.unit, time);
  showTitle();
}

function showFault() {
  const lost = metricsFault === 'lost', asked = metricsFault === 'token';
  // What comes and goes by itself stands in the bar, where it moves nothing.
  $('away').hidden = !lost;
  $('fault').hidden = lost || !metricsFault;
  set($('fault-text'), asked ? 'This weir asks for a token. Add it to the address of this page: '
    : `No rates: ${metricsFault}. The live stream does without.`);
  $('fault-token').hidden = !asked;
  document.body.classList.toggle('lost', lost);
}

// The events

function showEvents() {
  $('pause').textContent = events.paused ? 'Resume' : 'Pause';
  $('pause').setAttribute('aria-pressed', String(events.paused));
  empty.show();
}

function choose(path, value) {
  const {choice} = events;
  const same = choice !== null && choice.path === path && choice.value === value;
  events.choose(same ? null : {path, value});
  showChoice();
}

function showChoice() {
  const {choice} = events;
  $('only').hidden = choice === null;
  if (choice) {
    $('only-text').textContent = `${choice.path}: ${labelOf(choice.value)}`;
    $('only').setAttribute('aria-label', `Only ${$('only-text').textContent}. Show all events again`);
  }
  breakdown.tick();
  empty.show();
}

// The controls

function pause() {
  if (events.paused) events.resume();
  else events.pause();
}

function clear() {
  events.clear();
  empty.show();
}

$('host').textContent = location.host;
if (token) $('metrics-link').search = new URLSearchParams({access_token: token});
$('retry').addEventListener('click', () => live.retry());
$('pause').addEventListener('click', pause);
$('clear').addEventListener('click', clear);
$('only').addEventListener('click', () => {
  choose(events.choice.path, events.choice.value);
  $('filter').focus();
});
sendFrom($('send'), $('event'), $('sent'), authorization);

let typing = 0;
$('filter').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    events.filter($('filter').value);
    empty.show();
  }, 80);
});

for (const button of document.querySelectorAll('[data-unit]')) {
  button.addEventListener('click', () => {
    axis.unit = button.dataset.unit;
    for (const other of document.querySelectorAll('[data-unit]')) other.setAttribute('aria-pressed', String(other === button));
    showBooks();
  });
}

for (const button of document.querySelectorAll('.tabs button')) {
  button.addEventListener('click', () => {
    document.body.dataset.view = button.dataset.view;
    for (const other of document.querySelectorAll('.tabs button')) other.setAttribute('aria-pressed', String(other === button));
  });
}

addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, textarea')) return;
  const act = {'/': () => $('filter').focus(), b: () => $('by').select(), p: pause, c: clear}[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
$('filter').addEventListener('keydown', event => event.key === 'Escape' && $('rows').focus());

const recolour = () => [...charts, breakdown].forEach(chart => chart.recolour());
dark.addEventListener('change', recolour);
// This may run before the style sheet is there; the load event comes after it.
if (document.readyState === 'complete') recolour();
else addEventListener('load', recolour);

// A chart moves about two pixels a second: ten frames a second are smooth, more would only warm the room.
function paint() {
  const view = axis.view(Date.now(), still.matches);
  for (const chart of charts) chart.paint(view);
  setTimeout(() => requestAnimationFrame(paint), axis.pointed ? 30 : still.matches ? 1000 : 100);
}

let ticked = performance.now();
setInterval(() => {
  const now = performance.now();
  events.tick((now - ticked) / 1000);
  ticked = now;
  breakdown.tick();
  if (metricsFault && metricsFault !== 'lost') overview.updateWithout(events.rates.seen, events.seen);
}, 1000);
setInterval(() => live.phase === 'waiting' && showState(), 250);

showEvents();
empty.ask();
pickFor(breakdown);
live.start();
requestAnimationFrame(paint);
followMetrics();
