// The list of events: newest on top, bounded, with pause and filter. However many come, only a
// few rows a second are added; what is shown and what is not is said above the list.

import {count, short} from './format.js';
import {remark} from './entry.js';
import {History, isEvent, matcher, most} from './history.js';
import {gapRow, row} from './rows.js';

const limit = 500;      // rows on the page
const steady = 60;      // rows a second that a flood may add; bursts up to `limit` are shown in full
const aim = 700;        // milliseconds that the list stands still after the pointer moved over it
const beat = 100;       // milliseconds between two changes of the list: the eye follows no more, and a frame costs

export class Events {
  seen = 0;             // events that came, since the page was opened
  missed = 0;           // events that weir skipped for this page
  #history = new History();
  #rows;
  #note;
  #matches = matcher('');
  #filter = '';
  #only = null;         // {path, value} that an event must have
  #pending = [];        // came since the last frame
  #carried = 0;         // of these given up already, for want of room
  #allowance = limit;
  #allowedAt = performance.now();
  #frame = 0;           // asked for and not come yet
  #aimedUntil = 0;      // the list stands still under a hand that is about to click
  #paused = false;
  #held = false;        // paused because the reader scrolled down or opened a row
  #waiting = 0;         // came while paused
  #second = {seen: 0, shown: 0, skipped: 0};
  #changed;

  /** rows, note: elements. changed(): called when it pauses, goes on, or gets its first event. */
  constructor({rows, note, changed}) {
    this.#rows = rows;
    this.#note = note;
    this.#changed = changed;
    rows.addEventListener('scroll', () => this.#scrolled(), {passive: true});
    rows.addEventListener('toggle', event => event.target.open && this.#hold(), true);
    for (const kind of ['pointermove', 'pointerdown']) {
      rows.addEventListener(kind, () => { this.#aimedUntil = performance.now() + aim; }, {passive: true});
    }
    rows.addEventListener('keydown', event => this.#key(event));
  }

  get paused() {
    return this.#paused;
  }

  get empty() {
    return this.#history.size === 0;
  }

  get filtered() {
    return this.#filter !== '' || this.#only !== null;
  }

  /** {path, value} that the events are filtered by, or null. */
  get choice() {
    return this.#only;
  }

  /** The events that are still there, oldest first. */
  get kept() {
    return this.#history.find(isEvent, most).found;
  }

  /** What read() made of a frame. */
  take(event) {
    if (event.kind === 'restart') {
      this.remark('weir was started anew here.');
      return;
    }
    if (event.kind === 'gap') {
      this.missed += event.missed;
    } else {
      ++this.seen;
      ++this.#second.seen;
    }
    this.#add(event);
  }

  remark(text) {
    this.#add(remark(text, Date.now()));
  }

  #add(event) {
    const first = this.empty;
    this.#history.add(event);
    if (first) this.#changed();
    if (!this.#matches(event)) return;
    if (this.#paused) {
      ++this.#waiting;
      return;
    }
    this.#pending.push(event);
    if (this.#pending.length > 2 * limit) this.#shed();
    this.#frame ||= this.#schedule();
  }

  #schedule() {
    const at = Math.max(this.#allowedAt + beat, this.#aimedUntil);
    return setTimeout(() => requestAnimationFrame(() => this.#draw()), at - performance.now());
  }

  /** Keeps the pending events bounded where no frame comes: a hidden page gets none. */
  #shed() {
    this.#second.skipped += limit;
    for (const event of this.#pending.splice(0, limit)) {
      if (event.kind === 'gap') this.#carried += event.missed;
    }
  }

  #draw() {
    const now = performance.now();
    if (now < this.#aimedUntil) {
      this.#frame = this.#schedule();
      return;
    }
    this.#frame = 0;
    this.#allowance = Math.min(limit, this.#allowance + (now - this.#allowedAt) * steady / 1000);
    this.#allowedAt = now;

    const pending = this.#pending.splice(0);
    const skip = Math.max(0, pending.length - Math.floor(this.#allowance));
    this.#second.skipped += skip;
    const fresh = document.createDocumentFragment();
    let missed = this.#carried;
    this.#carried = 0;
    pending.forEach((event, at) => {
      if (event.kind === 'gap') {
        missed += event.missed;
      } else if (at >= skip || event.kind === 'remark') {
        if (missed) this.#gap(fresh, missed, event.time);
        missed = 0;
        fresh.prepend(row(event));
        --this.#allowance;
        ++this.#second.shown;
      }
    });
    if (missed) this.#gap(fresh, missed, Date.now());
    const first = this.#rows.childElementCount === 0;
    this.#rows.prepend(fresh);
    this.#trim();
    if (first) this.#changed();
  }

  /** Gaps in a row are one gap. */
  #gap(fresh, missed, time) {
    const top = fresh.firstElementChild ?? this.#rows.firstElementChild;
    const before = Number(top?.dataset.missed ?? 0);
    if (before) top.remove();
    fresh.prepend(gapRow(before + missed, time));
  }

  #trim() {
    while (this.#rows.childElementCount > limit) this.#rows.lastElementChild.remove();
  }

  #rebuild() {
    const {found} = this.#history.find(this.#matches, limit);
    const fresh = document.createDocumentFragment();
    this.#rows.replaceChildren();
    for (const event of found) {
      if (event.kind === 'gap') this.#gap(fresh, event.missed, event.time);
      else fresh.prepend(row(event));
    }
    this.#pending = [];
    this.#carried = 0;
    this.#rows.append(fresh);
  }

  filter(text) {
    this.#filter = text.trim();
    this.#refilter();
  }

  /** Shows only events that have a value at a path; null shows all. */
  choose(choice) {
    this.#only = choice;
    this.#refilter();
  }

  #refilter() {
    // The row that was read is gone from the list.
    if (this.#held) {
      this.#paused = this.#held = false;
      this.#changed();
    }
    this.#matches = matcher(this.#filter, this.#only);
    this.#waiting = 0;
    this.#rebuild();
    this.#rows.scrollTop = 0;
    this.tick(0);
  }

  clear() {
    this.#history.clear();
    this.#waiting = 0;
    this.#rebuild();
    if (this.#held) this.resume();
    this.#changed();
    this.tick(0);
  }

  pause() {
    this.#paused = true;
    this.#waiting = this.#pending.splice(0).length;
    this.#carried = 0;
    this.#changed();
    this.tick(0);
  }

  resume() {
    this.#paused = this.#held = false;
    this.#waiting = 0;
    this.#rebuild();
    this.#rows.scrollTop = 0;
    this.#changed();
    this.tick(0);
  }

  #hold() {
    if (this.#paused) return;
    this.#held = true;
    this.pause();
  }

  #scrolled() {
    if (this.#rows.scrollTop > 8) this.#hold();
    else if (this.#held && !this.#rows.querySelector('details[open]')) this.resume();
  }

  #key(event) {
    const summaries = [...this.#rows.querySelectorAll('summary')];
    const at = summaries.indexOf(document.activeElement);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: summaries.length - 1}[event.key];
    if (event.key === 'Escape' && at >= 0) {
      this.#rows.focus();
    } else if (to !== undefined && summaries[to] && document.activeElement.tagName !== 'PRE') {
      event.preventDefault();
      summaries[to].focus();
    }
  }

  /** Says what is shown. Called once a second with the seconds since the last call, else with 0. */
  tick(seconds) {
    if (seconds > 0) {
      this.rates = Object.fromEntries(Object.entries(this.#second).map(([k, n]) => [k, n / seconds]));
      this.#second = {seen: 0, shown: 0, skipped: 0};
    }
    const {shown = 0, skipped = 0} = this.rates ?? {};
    const matching = this.filtered ? ' matching' : '';
    let note = '';
    if (this.#paused) {
      note = this.#held ? 'on hold' : 'paused';
      if (this.#waiting) note += ` · ${count(this.#waiting)} newer`;
    } else if (skipped > 0) {
      const passing = `${short(Math.round(shown + skipped))}${matching} a second`;
      note = shown > 0 ? `showing 1 in ${short(Math.round((shown + skipped) / shown))} of ${passing}` : `standing still, ${passing}`;
    } else if (!this.empty) {
      const {total} = this.filtered ? this.#history.find(this.#matches, 0) : {total: 0};
      note = this.filtered
        ? `${count(total)} of the newest ${count(this.#history.size)} match`
        : `${count(this.seen)} so far`;
    }
    this.#note.textContent = this.missed ? `${note}${note && ' · '}${count(this.missed)} missed` : note;
  }
}
