// The charts of the page: a lane for each listener and sink, and the two totals. All share one time
// axis and one pointer, so that hovering over one chart reads all of them.

import {draw, nearest, Scale, spanFor, timeAt} from './chart.js';
import {bytes, clock, count, nameOf, plural, short, size, span as spanText} from './format.js';

export function rateText(value, unit) {
  if (unit === 'messages') return [short(value), '/s'];
  const [number, scale] = size(value);
  return [number, `${scale}/s`];
}

/** One time axis for all charts: which moment is pointed at, if any, and which unit is drawn. */
export class Axis {
  unit = 'messages';
  #place = null;  // 0 left to 1 right
  #began = Date.now();

  get pointed() {
    return this.#place !== null;
  }

  /** What every chart of this moment is drawn with. */
  view(now, calm) {
    const view = {unit: this.unit, now, span: spanFor(now - this.#began), calm, mark: null};
    if (this.pointed) view.mark = timeAt(this.#place, view);
    return view;
  }

  /** Follows the mouse, a finger, or the arrow keys over the canvases inside an element. */
  watch(element) {
    const leave = () => { this.#place = null; };
    element.addEventListener('pointermove', event => {
      const box = element.querySelector('canvas')?.getBoundingClientRect();
      if (!box?.width) return;
      const place = (event.clientX - box.left) / box.width;
      this.#place = place >= 0 && place <= 1 ? place : null;
    });
    element.addEventListener('pointerleave', leave);
    element.addEventListener('pointercancel', leave);
    element.addEventListener('blur', leave);
    element.addEventListener('keydown', event => {
      const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
      if (step) {
        event.preventDefault();
        this.#place = Math.min(1, Math.max(0, (this.#place ?? 1) + step * 1000 / spanFor(Date.now() - this.#began)));
      } else if (event.key === 'Escape') {
        leave();
      }
    });
  }
}

/** The lanes of one card: all listeners, or all sinks. */
export class Lanes {
  #root;
  #scaleNote;
  #axis;
  #scale = new Scale();
  #lanes = new Map();  // flow → its elements
  #color = '#808080';

  constructor(root, scaleNote, axis) {
    this.#root = root;
    this.#scaleNote = scaleNote;
    this.#axis = axis;
    axis.watch(root);
  }

  /** Once the style sheet is there, and after the theme changed. */
  recolour() {
    this.#color = getComputedStyle(this.#root).getPropertyValue('--series').trim();
  }

  /** Once for each reading of the metrics. */
  update(flows) {
    const wanted = new Set(flows);
    for (const [flow, lane] of this.#lanes) {
      if (wanted.has(flow)) continue;
      lane.root.remove();
      this.#lanes.delete(flow);
    }
    for (const flow of wanted) {
      if (!this.#lanes.has(flow)) this.#lanes.set(flow, this.#make(flow));
      this.#lanes.get(flow).about.textContent = about(flow, this.#axis.unit);
    }
  }

  #make(flow) {
    const part = (tag, name) => Object.assign(document.createElement(tag), {className: name});
    const lane = {root: part('div', 'lane'), rate: part('p', 'rate'), number: part('b', ''),
                  unit: part('span', 'unit'), about: part('p', 'about'), canvas: part('canvas', '')};
    const title = part('h3', ''), place = part('span', 'place');
    place.textContent = place.title = flow.place;
    title.append(nameOf(flow.kind), ' ', place);
    lane.canvas.setAttribute('role', 'img');
    lane.canvas.setAttribute('aria-label', `${nameOf(flow.kind)} ${flow.place}, last three minutes`);
    lane.number.textContent = '–';  // as high as what comes
    lane.rate.append(lane.number, ' ', lane.unit);
    lane.root.append(title, lane.rate, lane.canvas, lane.about);
    this.#root.append(lane.root);
    return lane;
  }

  paint(view) {
    const {unit, mark, span} = view;
    const top = this.#scale.follow([...this.#lanes.keys()].map(flow => flow.points), view);
    for (const [flow, lane] of this.#lanes) {
      draw(lane.canvas, flow.points, view, {top, color: this.#color});
      const point = mark === null ? flow.rate : nearest(flow.points, mark);
      const [number, scale] = point ? rateText(point[unit], unit) : ['–', ''];
      set(lane.number, number);
      set(lane.unit, scale);
    }
    const full = rateText(this.#scale.top, unit).join(unit === 'bytes' ? ' ' : '');
    set(this.#scaleNote, this.#lanes.size === 0 ? '' : mark === null ? `${age(span)}, to ${full}` : `at ${clock(mark, false)}`);
  }
}

/** A tile's chart: the same without words. */
export class Backdrop {
  #canvas;
  #flow;
  #scale = new Scale();
  #color = '#808080';

  constructor(canvas, flow) {
    this.#canvas = canvas;
    this.#flow = flow;
  }

  recolour() {
    this.#color = getComputedStyle(this.#canvas).getPropertyValue('--series').trim();
  }

  paint(view) {
    const {points} = this.#flow;
    const top = this.#scale.follow([points], view);
    draw(this.#canvas, points, {...view, mark: null}, {top, color: this.#color});
  }
}

const age = span => (span < 180_000 ? `${Math.round(span / 1000)} s` : spanText(span));

function about(flow, unit) {
  const rate = flow.rate;
  const parts = [unit === 'messages' ? `${bytes(rate.bytes)}/s` : `${short(rate.messages)} messages/s`,
                 `${count(flow.messages)} in all`];
  if (flow.clients !== null) parts.push(plural(flow.clients, 'client'));
  else if (flow.connections > 0) parts.push(plural(flow.connections, 'connection'));
  if (flow.filtered > 0) parts.push(`${count(flow.filtered)} filtered out`);
  if (flow.pending > 0) parts.push(`${count(flow.pending)} pending`);
  return parts.join(' · ');
}

/** Text that is the same already is left alone, so that nothing is laid out again. */
export function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
