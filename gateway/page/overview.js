// The tiles, and the list of what was lost or refused and why.

import {bytes, count, nameOf, plural, short, size} from './format.js';
import {rateText, set} from './lanes.js';
import {losses} from './metrics.js';

// For each reason: what it is called, and what it means to the reader.
const reasons = {
  overrun: ['overrun', 'the queue was full and this sink had not taken them yet'],
  rejected: ['rejected', 'the target refused them'],
  gave_up: ['given up', 'the target could not be reached in time'],
  shutdown: ['shutdown', 'not written when weir stopped'],
  oversize: ['too long', 'longer than max-message or max-body'],
  bad_frame: ['bad frame', 'the framing was broken'],
  bad_request: ['bad request', 'broken HTTP, or a body that is not what it says'],
  empty: ['empty', 'there was nothing in them'],
  unauthorized: ['unauthorized', 'without the right token'],
  not_allowed: ['not allowed', 'from an address or origin that is not allowed'],
  timeout: ['timeout', 'begun and not finished'],
  busy: ['busy', 'more connections than max-connections'],
  kernel_drop: ['kernel drop', 'the receive buffer was full; raise rcvbuf'],
  queue_full: ['queue full', 'the queue took no more'],
  closing: ['closing', 'weir was stopping'],
  missed: ['missed', 'skipped for clients that were too slow'],
};

const known = reason => reasons[reason] ?? [reason.replaceAll('_', ' '), ''];

function tile(id) {
  const root = document.getElementById(id);
  return {root, value: root.querySelector('b'), unit: root.querySelector('.unit'), note: root.querySelector('.note a') ?? root.querySelector('.note')};
}

export class Overview {
  #tiles = Object.fromEntries(['in', 'out', 'clients', 'queue', 'lost', 'refused'].map(id => [id, tile(`tile-${id}`)]));
  #list = document.getElementById('loss-list');
  #none = document.getElementById('no-losses');
  #alarm = document.getElementById('alarm');
  #before = new Map();  // loss row → its last count
  #beforeAt = 0;

  update(books, unit, time) {
    this.#rate(this.#tiles.in, books.received, unit);
    this.#rate(this.#tiles.out, books.delivered, unit);

    const clients = [...books.sinks.values()].reduce((sum, flow) => sum + (flow.clients ?? 0), 0);
    const missed = [...books.sinks.values()].reduce((sum, flow) => sum + flow.missed, 0);
    this.#show('clients', count(clients), missed ? `${short(missed)} missed` : 'missed nothing');
    const [amount, scale] = size(books.queue.bytes);
    this.#show('queue', amount, plural(books.queue.batches, 'batch', 'batches'), scale);
    const lost = losses(books.sinks), refused = losses(books.listeners);
    this.#show('lost', lost < 1e6 ? count(lost) : short(lost), lost ? 'which and why' : 'nothing');
    this.#show('refused', refused < 1e6 ? count(refused) : short(refused), refused ? 'which and why' : 'nothing');
    this.#tiles.lost.root.classList.toggle('bad', lost > 0);
    this.#tiles.refused.root.classList.toggle('warn', refused > 0);
    this.#alarm.hidden = lost + refused + missed === 0;
    this.#explain(books, time);
  }

  /** Without metrics: only what this page sees itself. */
  updateWithout(perSecond, seen) {
    for (const {value, note} of Object.values(this.#tiles)) {
      set(value, '–');
      set(note, 'needs metrics');
    }
    const {value, unit, note} = this.#tiles.in;
    set(value, short(perSecond));
    set(unit, '/s');
    set(note, `${count(seen)} on the live stream`);
  }

  #rate(tile, flow, unit) {
    const [value, scale] = rateText(flow.rate[unit], unit);
    set(tile.value, value);
    set(tile.unit, scale);
    const total = unit === 'messages' ? short(flow.messages) : bytes(flow.bytes);
    set(tile.note, `${total} in all`);
    tile.note.title = `${plural(flow.messages, 'message')}, ${bytes(flow.bytes)}`;
  }

  #show(id, value, note, unit = '') {
    const tile = this.#tiles[id];
    set(tile.value, value);
    set(tile.note, note);
    if (tile.unit) set(tile.unit, unit);
  }

  #explain(books, time) {
    const rows = [];
    const add = (flow, reason, n, severity) => n > 0 && rows.push({flow, reason, n, severity});
    for (const flow of books.sinks.values()) {
      for (const [reason, n] of flow.reasons) add(flow, reason, n, 'bad');
      add(flow, 'missed', flow.missed, 'warn');
    }
    for (const flow of books.listeners.values()) {
      for (const [reason, n] of flow.reasons) add(flow, reason, n, 'warn');
    }
    const seconds = (time - this.#beforeAt) / 1000;
    const counts = new Map();
    this.#none.hidden = rows.length > 0;
    this.#none.className = 'fine';
    set(this.#none, 'Nothing lost, nothing refused.');
    this.#list.replaceChildren(...rows.map(({flow, reason, n, severity}) => {
      const key = `${flow.kind} ${flow.place} ${reason}`;
      counts.set(key, n);
      const rate = this.#before.has(key) ? (n - this.#before.get(key)) / seconds : 0;
      return lossRow(flow, reason, n, rate, severity);
    }));
    this.#before = counts;
    this.#beforeAt = time;
  }
}

function lossRow(flow, reason, n, rate, severity) {
  const [name, meaning] = known(reason);
  const part = (tag, className, text) => Object.assign(document.createElement(tag), {className, textContent: text});
  const item = part('li', severity, '');
  const where = part('span', 'where', `${nameOf(flow.kind)} ${flow.place}`);
  where.title = flow.place;
  const number = part('b', 'number', count(n));
  item.append(number, part('span', 'name', name), part('span', 'now', rate > 0 ? `+${short(rate)}/s` : ''), where,
              part('span', 'meaning', meaning));
  return item;
}
