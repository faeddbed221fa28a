// A small moving area chart on a canvas, and the scale that several of them share.

const shortest = 60_000;      // milliseconds from the left edge to the right one, at first,
const longest = 180_000;      // and once the page has been open for that long
const lag = 1100;             // the right edge is this long ago, so that a new point glides in
const gap = 4000;             // points further apart than this are not joined

// Asking a canvas for its size would lay out the whole page each time.
const sizes = new WeakMap();
const observer = new ResizeObserver(entries => {
  for (const {target, contentRect} of entries) sizes.set(target, contentRect);
});

/** How much time the charts show: it grows with what there is to show. */
export const spanFor = age => Math.min(longest, Math.max(shortest, age));

/** The highest value of a set of charts, rounded up and eased to, so that nothing jumps. */
export class Scale {
  top = 0;
  #shown = 0;

  follow(lists, {unit, now, span, calm}) {
    let highest = 0;
    for (const points of lists) {
      for (const point of points) {
        if (point.time > now - span - 2 * lag && point[unit] > highest) highest = point[unit];
      }
    }
    this.top = unit === 'bytes' ? roundBytes(highest) : round(highest);
    const ease = calm || this.#shown === 0 ? 1 : 0.25;
    this.#shown += (this.top - this.#shown) * ease;
    return this.#shown;
  }
}

/** A round number that is not less. */
export function round(value) {
  if (value <= 5) return 5;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 7, 10].find(step => value <= step * power) * power;
}

function roundBytes(value) {
  let unit = 1;
  while (value / unit >= 1000) unit *= 1024;
  return round(value / unit) * unit;
}

/** The time under a place of the chart, 0 left to 1 right. */
export const timeAt = (place, {now, span}) => now - lag - span * (1 - place);

/** The point nearest to a time, unless nothing is known about then. */
export function nearest(points, time) {
  let best = null;
  for (const point of points) {
    if (!best || Math.abs(point.time - time) < Math.abs(best.time - time)) best = point;
  }
  return best && Math.abs(best.time - time) < gap ? best : null;
}

/** A canvas's pen over as many pixels as the screen has, cleared, and its size; null while it has none. */
export function cleared(canvas) {
  if (!sizes.has(canvas)) observer.observe(canvas);
  const {width, height} = sizes.get(canvas) ?? {};
  if (!width || !height) return null;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext('2d');
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return {pen, width, height};
}

/** Draws points[unit] up to `top` over the last `span`. `mark` is a time to point at, or null. */
export function draw(canvas, points, {unit, now, span, mark}, {top, color}) {
  const {pen, width, height} = cleared(canvas) ?? {};
  if (!pen) return;
  const floor = Math.floor(height) - 0.5;
  const x = time => width * (1 - (now - lag - time) / span);
  const y = value => value > 0 ? Math.min(floor - (floor - 3) * value / top, floor - 1) : floor;

  pen.strokeStyle = color;
  pen.lineJoin = 'round';
  pen.globalAlpha = 0.3;
  pen.beginPath();
  pen.moveTo(0, floor);
  pen.lineTo(width, floor);
  pen.stroke();

  const fill = pen.createLinearGradient(0, 0, 0, height);
  fill.addColorStop(0, color);
  fill.addColorStop(1, color + '00');
  for (const run of runs(points, now - span - 3 * lag)) {
    const line = new Path2D();
    run.forEach((point, i) => line[i ? 'lineTo' : 'moveTo'](x(point.time), y(point[unit])));
    const area = new Path2D(line);
    area.lineTo(x(run.at(-1).time), floor);
    area.lineTo(x(run[0].time), floor);
    pen.globalAlpha = 0.28;
    pen.fillStyle = fill;
    pen.fill(area);
    pen.globalAlpha = 1;
    pen.lineWidth = 1.5;
    pen.stroke(line);
  }

  const point = mark === null ? null : nearest(points, mark);
  if (mark !== null) {
    pen.globalAlpha = 0.5;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x(mark), 0);
    pen.lineTo(x(mark), height);
    pen.stroke();
  }
  if (point) {
    pen.globalAlpha = 1;
    pen.fillStyle = color;
    pen.beginPath();
    pen.arc(x(point.time), y(point[unit]), 3, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** The points from `since` on, in runs without a hole. */
function runs(points, since) {
  const all = [];
  let last = null;
  for (const point of points) {
    if (point.time < since) continue;
    if (!last || point.time - last.time > gap) all.push([]);
    all.at(-1).push(point);
    last = point;
  }
  return all;
}
