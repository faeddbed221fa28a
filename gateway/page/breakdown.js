// The card that breaks events down by topic or by a member: bars a second, a legend and a table.

import {paintBars} from './bars.js';
import {clock, count, plural, short} from './format.js';
import {lookUp} from './entry.js';
import {set} from './lanes.js';
import {labelOf, Legend, name as putName, swatch} from './legend.js';
import {Members} from './members.js';
import {colours, Palette} from './palette.js';
import {layout, stack} from './stacks.js';
import {Tally} from './tally.js';
import {Values} from './values.js';

const recent = 5;  // seconds that "now" is the mean of

export class Breakdown {
  path = 'topic';
  minutes = 5;
  missed = 0;       // events that are in no count, for weir skipped them
  #topics = new Tally();        // is kept whatever is picked
  #tally = this.#topics;        // what is shown
  #palette = new Palette();
  #members = new Members();
  #on;
  #chart = document.getElementById('bars');
  #canvas = this.#chart.querySelector('canvas');
  #readout = document.getElementById('readout');
  #note = document.getElementById('breakdown-note');
  #legend = new Legend(document.getElementById('legend'), colours, () => this.#draw());
  #values = new Values(document.getElementById('values'), name => this.#on.chosen(this.path, name));
  #paints = [];
  #ink = {};
  #stacks = [];
  #layout = null;
  #mark = null;     // a second pointed at
  #byKey = false;

  /** on: {now(): milliseconds, kept(): the events that are still there, chosen(path, value): a value was clicked,
   *  choice(): what the stream is filtered by} */
  constructor(on) {
    this.#on = on;
    this.#watch();
  }

  take(event, json) {
    if (this.#members.note(json, performance.now())) this.#suggest();
    const second = Math.floor(event.time / 1000);
    this.#topics.count(lookUp(event, 'topic'), second);
    if (this.#tally !== this.#topics) this.#tally.count(lookUp(event, this.path, json), second);
  }

  /** Counts by another path, as far back as the events are still there. */
  by(path) {
    this.path = path;
    this.#tally = path === 'topic' ? this.#topics : new Tally(this.#topics);
    this.#palette.clear();
    this.#legend.clear();
    if (this.#tally !== this.#topics) {
      for (const event of this.#on.kept()) this.#tally.count(lookUp(event, path), Math.floor(event.time / 1000));
    }
    this.tick();
  }

  over(minutes) {
    this.minutes = minutes;
    this.tick();
  }

  /** Once the style sheet is there, and after the theme changed. */
  recolour() {
    const style = getComputedStyle(this.#chart);
    const colour = name => style.getPropertyValue(name).trim();
    this.#paints = [...Array.from({length: colours}, (_, at) => colour(`--c${at}`)), colour('--other'), colour('--unknown')];
    this.#ink = {text: colour('--text'), muted: colour('--muted'), line: colour('--line'), well: colour('--well'), font: style.fontFamily};
    this.#draw();
  }

  /** Once a second, and when what is shown changed. */
  tick() {
    const now = Math.floor(this.#on.now() / 1000);
    for (const tally of [this.#topics, this.#tally]) tally.advance(now, 60);
    const span = this.minutes * 60;
    const tally = this.#tally, values = tally.values;
    const inSpan = new Map(values.map(series => [series, tally.sum(series, now - span, now - 1)]));
    // Who comes in the second that has just begun has a colour when that is drawn.
    this.#palette.assign(values.map(series => ({name: series.name, count: inSpan.get(series) + tally.sum(series, now, now)})));
    const all = tally.sum(tally.all, now - span, now - 1);
    const seconds = Math.max(1, Math.min(span, now - tally.oldest));
    const choice = this.#on.choice();
    this.#values.update({
      values: values.map(series => ({
        name: series.name, colour: this.#colour(series.name), total: series.total,
        now: tally.sum(series, now - recent, now - 1) / recent,
        rate: inSpan.get(series) / seconds, share: all ? inSpan.get(series) / all : 0,
      })),
      unnamed: tally.all.total - values.reduce((sum, series) => sum + series.total, 0),
      chosen: choice?.path === this.path ? {name: choice.value} : null,
    });
    this.#say(all);
    this.#draw();
  }

  #colour(name) {
    const at = this.#palette.of(name);
    return at < 0 ? 'other' : `c${at}`;
  }

  #say(inSpan) {
    const parts = [`${plural(inSpan, 'event')} in ${this.minutes} min`, `${count(this.#tally.all.total)} in all`];
    if (this.missed) parts.push(`${count(this.missed)} missed`);
    set(this.#note, parts.join(' · '));
    const by = this.path === 'topic' || this.path === 'listener' ? this.path : `member ${this.path}`;
    this.#chart.setAttribute('aria-label', `Events per second by ${by}, last ${plural(this.minutes, 'minute')}. `
      + 'Left and right arrow keys read single bars.');
  }

  #draw() {
    const tally = this.#tally;
    const names = Array.from({length: colours}, () => null), layers = names.map(() => []), other = [tally.rest];
    for (const series of tally.values) {
      const at = this.#palette.of(series.name);
      if (at < 0) {
        other.push(series);
      } else {
        names[at] = {name: series.name};
        layers[at].push(series);
      }
    }
    this.#legend.update(names, other.length - 1 + (tally.rest.total > 0));
    layers.push(other);
    const shown = layers.map((list, at) => (this.#legend.shows(at) ? list : []));
    const hidden = layers.filter((_, at) => !this.#legend.shows(at));
    this.#layout = layout(this.#canvas.clientWidth || 600, Math.floor(this.#on.now() / 1000), this.minutes * 60);
    this.#stacks = stack(tally, this.#layout.bars, shown, hidden);
    this.#names = names;
    this.#paint();
  }
  #names = [];

  #paint() {
    const {begin, end} = this.#layout;
    if (this.#mark !== null && !this.#byKey) this.#mark = Math.floor(begin + this.#place * (end - begin));
    if (this.#mark !== null) this.#mark = Math.min(end - 1, Math.max(begin, this.#mark));
    paintBars(this.#canvas, this.#stacks, {layout: this.#layout, paints: this.#paints, ink: this.#ink,
                                           known: this.#tally.oldest, mark: this.#mark});
    this.#read();
  }
  #place = 0;  // of the pointer, 0 left to 1 right

  // One bar's numbers

  #read() {
    const bar = this.#mark === null ? null : this.#stacks.find(({from, to}) => this.#mark >= from && this.#mark <= to);
    this.#readout.hidden = !bar;
    if (!bar) return;
    const line = (colour, name, n) => {
      const item = document.createElement('li'), label = Object.assign(document.createElement('span'), {className: 'name'});
      putName(label, name);
      item.append(swatch(colour), label,
                  Object.assign(document.createElement('b'), {textContent: count(n)}));
      return item;
    };
    const title = document.createElement('p');
    const time = bar.seconds === 1 ? clock(bar.from * 1000, false) : `${clock(bar.from * 1000, false)} – ${clock(bar.to * 1000, false)}`;
    title.textContent = bar.to < this.#tally.oldest ? `${time} · before the oldest event here`
      : `${time} · ${plural(bar.all, 'event')}${bar.seconds > 1 ? ` · ${short(bar.all / bar.seconds)}/s` : ''}`;
    const list = document.createElement('ul');
    bar.counts.map((n, at) => ({n, at})).filter(({n}) => n > 0).sort((a, b) => b.n - a.n).forEach(({n, at}) => {
      if (at < colours) list.append(line(`c${at}`, labelOf(this.#names[at].name), n));
      else list.append(at === colours ? line('other', 'other', n) : line('unknown', 'came before this member was picked', n));
    });
    this.#readout.replaceChildren(title, list);
    const {begin, end, scale} = this.#layout;
    const right = bar.from - begin > (end - begin) / 2;  // then it stands to the left of the bar
    this.#readout.style.left = right ? 'auto' : `${(bar.to + 1 - begin) * scale + 10}px`;
    this.#readout.style.right = right ? `${(end - bar.from) * scale + 10}px` : 'auto';
    if (this.#byKey) set(document.getElementById('readout-said'), [title, ...list.children].map(part => part.textContent).join(', '));
  }

  #watch() {
    const leave = () => {
      this.#mark = null;
      this.#byKey = false;
      if (this.#layout) this.#paint();
    };
    this.#chart.addEventListener('pointermove', event => {
      const box = this.#canvas.getBoundingClientRect();
      this.#place = Math.min(0.9999, Math.max(0, (event.clientX - box.left) / box.width));
      this.#byKey = false;
      this.#mark = 0;
      if (this.#layout) this.#paint();
    });
    for (const kind of ['pointerleave', 'pointercancel', 'blur']) this.#chart.addEventListener(kind, leave);
    this.#chart.addEventListener('keydown', event => {
      const {step = 1, begin = 0, end = 0} = this.#layout ?? {};
      const to = {ArrowLeft: (this.#mark ?? end) - step, ArrowRight: (this.#mark ?? end - step) + step, Home: begin, End: end - 1}[event.key];
      if (event.key === 'Escape') leave();
      if (to === undefined) return;
      event.preventDefault();
      this.#byKey = true;
      this.#mark = to;
      this.#paint();
    });
    new ResizeObserver(() => this.#layout && this.#draw()).observe(this.#canvas);
  }

  #suggest() {
    const list = document.getElementById('members');
    list.replaceChildren(...['topic', 'listener', ...this.#members.paths].map(path => new Option(path, path)));
  }
}
