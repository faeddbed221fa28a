// Where the bars of a stretch of time stand, and what is in them. Pure functions; times in seconds.

const steps = [1, 2, 5, 10, 15, 30, 60];
const narrowest = 4;  // pixels a bar

/** The bars that fit: a second each, or several where the width is too small. The last second is `now` - 1, a full one. */
export function layout(width, now, span) {
  const step = steps.find(seconds => span / seconds * narrowest <= width) ?? steps.at(-1);
  const end = now, begin = now - span;
  const bars = [];
  for (let start = Math.floor(begin / step) * step; start < end; start += step) {
    const from = Math.max(start, begin), to = Math.min(start + step, end) - 1;
    bars.push({from, to, seconds: to - from + 1});
  }
  return {step, begin, end, bars, scale: width / span};
}

/**
 * For each bar the counts of each layer, from the bottom up, and behind them what no layer of `known` explains.
 * layers, known: lists of lists of series; a layer is drawn, what is known only explains.
 */
export function stack(tally, bars, layers, known) {
  const sum = (list, bar) => list.reduce((n, series) => n + tally.sum(series, bar.from, bar.to), 0);
  return bars.map(bar => {
    const counts = layers.map(list => sum(list, bar));
    const all = tally.sum(tally.all, bar.from, bar.to);
    const hidden = known.reduce((n, list) => n + sum(list, bar), 0);
    const unknown = Math.max(0, all - hidden - counts.reduce((a, b) => a + b, 0));
    return {...bar, counts: [...counts, unknown], all};
  });
}

/** Where lines across the time axis stand: full minutes, or parts of them. */
export function ticks({begin, end, scale}) {
  const apart = [5, 10, 15, 30, 60, 120, 300].find(seconds => seconds * scale >= 84) ?? 300;
  const all = [];
  for (let second = Math.ceil(begin / apart) * apart; second < end; second += apart) all.push(second);
  return all;
}
