// Numbers, sizes, times and names as people read them. Pure functions.

const grouped = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
const tenths = new Intl.NumberFormat('en-US', {maximumFractionDigits: 1});

/** 4,980 - exact. */
export const count = n => grouped.format(n);

/** At most six characters: 0.4, 4,980, 125k, 1.25M. */
export function short(n) {
  if (n < 10) return tenths.format(n);
  if (n < 99_950) return grouped.format(n);
  for (const [size, unit] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (n >= size * 0.9995) return Number((n / size).toPrecision(3)) + unit;
  }
  return grouped.format(n);
}

/** A rate, for a column of them: 0, <0.1, 7.0, 12, 1.25M. */
export function rate(n) {
  if (n === 0 || n >= 9.95) return short(n);
  return n < 0.05 ? '<0.1' : n.toFixed(1);
}

/** ['1.21', 'MiB'] - the value and its unit. */
export function size(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (n >= 999.5 && unit < units.length - 1) {
    n /= 1024;
    ++unit;
  }
  return [unit === 0 ? grouped.format(n) : String(Number(n.toPrecision(3))), units[unit]];
}

export const bytes = n => size(n).join(' ');

/** 14:32:05.123 in the reader's own time zone. */
export function clock(time, thousandths = true) {
  const at = new Date(time);
  const pad = (n, width = 2) => String(n).padStart(width, '0');
  const text = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  return thousandths ? `${text}.${pad(at.getMilliseconds(), 3)}` : text;
}

/** 8 s, 2 min 5 s, 3 min. */
export function span(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
}

export const plural = (n, one, many = one + 's') => `${count(n)} ${n === 1 ? one : many}`;

const names = {udp: 'UDP', tcp: 'TCP', http: 'HTTP', ws: 'WebSocket', beacon: 'Beacon', grpc: 'gRPC', file: 'File',
               post: 'HTTP POST', broadcast: 'Live stream', sse: 'Server-sent events', zmq: 'ZeroMQ', 'zmq-sub': 'ZeroMQ',
               redis: 'Redis', stats: 'Counts', scrape: 'Scrape', admin: 'Admin'};

/** What a kind of listener or sink is called. */
export const nameOf = kind => names[kind] ?? kind;
