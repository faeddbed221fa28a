// Stacked bars over time on a canvas.

import {cleared, round} from './chart.js';
import {clock, short} from './format.js';
import {ticks} from './stacks.js';

const below = 18;  // pixels for the times

/** Draws the stacks; `paints` has a colour for each layer, `known` is the second from which all is known, `mark` one pointed at. */
export function paintBars(canvas, stacks, {layout, paints, ink, known, mark}) {
  const {pen, width, height} = cleared(canvas) ?? {};
  if (!pen) return;
  const floor = Math.floor(height) - below;
  const x = second => Math.round((second - layout.begin) * layout.scale);
  const shown = bar => bar.counts.reduce((a, b) => a + b, 0) / bar.seconds;
  const top = round(Math.max(0, ...stacks.map(shown)));
  const y = rate => Math.round(floor - rate / top * (floor - 16));

  pen.font = `11px ${ink.font}`;
  if (known > layout.begin) {
    pen.fillStyle = ink.well;
    const wide = x(Math.min(known, layout.end));
    pen.fillRect(0, 16, wide, floor - 16);
    const text = known < layout.end ? 'before the oldest event here' : '';
    if (wide > pen.measureText(text).width + 40) {
      pen.fillStyle = ink.muted;
      pen.textAlign = 'center';
      pen.fillText(text, wide / 2, floor - 8);
      pen.textAlign = 'left';
    }
  }
  lines();
  for (const bar of stacks) {
    const left = x(bar.from), right = x(bar.to + 1);
    const wide = Math.max(1, right - left - (right - left > 9 ? 2 : right - left > 2 ? 1 : 0));
    const pointed = mark !== null && mark >= bar.from && mark <= bar.to;
    if (pointed) {
      pen.globalAlpha = 0.14;
      pen.fillStyle = ink.text;
      pen.fillRect(left, 16, right - left, floor - 16);
    }
    pen.globalAlpha = mark === null || pointed ? 1 : 0.7;
    let rate = 0;
    bar.counts.forEach((count, layer) => {
      if (count === 0) return;
      const from = y(rate);
      rate += count / bar.seconds;
      pen.fillStyle = paints[layer];
      // What is there is seen, however little it is.
      const high = Math.max(from - y(rate), rate === count / bar.seconds ? 2 : 0);
      pen.fillRect(left, from - high, wide, high);
    });
    pen.globalAlpha = 1;
  }

  function lines() {
    pen.strokeStyle = ink.line;
    pen.lineWidth = 1;
    pen.fillStyle = ink.muted;
    pen.textBaseline = 'alphabetic';
    for (const rate of top > 5 ? [top, top / 2, 0] : [top, 0]) {
      pen.beginPath();
      pen.moveTo(0, y(rate) + 0.5);
      pen.lineTo(width, y(rate) + 0.5);
      pen.stroke();
      if (rate > 0) pen.fillText(`${short(rate)}/s`, 0, y(rate) - 4);
    }
    pen.textAlign = 'center';
    const marks = ticks(layout), long = marks.some(second => second % 60) ? 8 : 5;
    for (const second of marks) {
      const at = x(second), text = clock(second * 1000, false).slice(0, long);
      const half = pen.measureText(text).width / 2;
      if (at < half || at > width - half) continue;
      pen.fillText(text, at, height - 4);
      pen.fillRect(at, floor, 1, 4);
    }
    pen.textAlign = 'left';
  }
}
