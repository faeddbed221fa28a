// Reads /metrics and turns its counters into flows: one for each listener and each sink, with the
// rates of the last minutes.

export const kept = 190_000;  // milliseconds of rates to remember

const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The samples of a Prometheus text page: {name, labels, value}. */
export function parse(text) {
  const samples = [];
  for (const line of text.split('\n')) {
    const found = line[0] === '#' ? null : sample.exec(line);
    if (!found) continue;
    const labels = {};
    for (const [, name, value] of (found[2] ?? '').matchAll(label)) {
      labels[name] = value.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
    }
    samples.push({name: found[1], labels, value: Number(found[3])});
  }
  return samples;
}

/** What one listener took in or one sink gave out. */
class Flow {
  constructor(kind, place) {
    this.kind = kind;
    this.place = place;
    this.points = [];  // {time, messages, bytes}: rates a second, oldest first
    this.last = null;
    this.begin();
  }

  begin() {
    Object.assign(this, {messages: 0, bytes: 0, connections: null, pending: 0, filtered: 0, clients: null, missed: 0});
    this.reasons = new Map();  // why messages were refused or lost → how many
  }

  settle(time) {
    const {last, messages, bytes} = this;
    this.last = {time, messages, bytes};
    // A counter that went back is a program that was started anew.
    if (!last || time <= last.time || messages < last.messages) return;
    const seconds = (time - last.time) / 1000;
    this.points.push({
      time,
      messages: (messages - last.messages) / seconds,
      bytes: Math.max(0, bytes - last.bytes) / seconds,
    });
    while (this.points[0].time < time - kept) this.points.shift();
  }

  get rate() {
    return this.points.at(-1) ?? {messages: 0, bytes: 0};
  }
}

/** Whether a listener only gives: the port of a --broadcast, --sse or --stats takes no events. */
const serves = (flow, sinks) => flow.kind === 'stats' || sinks.has(`broadcast ${flow.place}`) || sinks.has(`sse ${flow.place}`);

/** All flows, kept up to date by update(). */
export class Books {
  listeners = new Map();
  sinks = new Map();
  queue = {bytes: 0, batches: 0};
  received = new Flow('in', '');
  delivered = new Flow('out', '');

  update(text, time) {
    const samples = parse(text).filter(({name}) => name.startsWith('weir_'));
    for (const flow of this.flows()) flow.begin();
    const seen = new Set();
    for (const {name, labels, value} of samples) {
      const flow = this.#flow(labels);
      if (flow) seen.add(flow);
      switch (name) {
        case 'weir_received_messages_total':
        case 'weir_delivered_messages_total': flow.messages = value; break;
        case 'weir_received_bytes_total':
        case 'weir_delivered_bytes_total': flow.bytes = value; break;
        case 'weir_refused_messages_total':
        case 'weir_lost_messages_total': flow.reasons.set(labels.reason, value); break;
        case 'weir_connections': flow.connections = value; break;
        case 'weir_pending_messages': flow.pending = value; break;
        case 'weir_filtered_messages_total': flow.filtered = value; break;
        case 'weir_broadcast_clients': flow.clients = value; break;
        case 'weir_broadcast_missed_messages_total': flow.missed = value; break;
        case 'weir_queue_bytes': this.queue.bytes = value; break;
        case 'weir_queue_batches': this.queue.batches = value; break;
      }
    }
    for (const flows of [this.listeners, this.sinks]) {
      for (const [key, flow] of flows) if (!seen.has(flow)) flows.delete(key);
    }
    this.#sum(this.received, this.listeners);
    this.#sum(this.delivered, this.sinks);
    for (const flow of this.flows()) flow.settle(time);
  }

  /** The listeners that take events. */
  get takers() {
    return [...this.listeners.values()].filter(flow => !serves(flow, this.sinks));
  }

  flows() {
    return [...this.listeners.values(), ...this.sinks.values(), this.received, this.delivered];
  }

  #flow(labels) {
    const [flows, kind, place] = labels.listener ? [this.listeners, labels.listener, labels.address]
      : labels.sink ? [this.sinks, labels.sink, labels.target] : [];
    if (!flows) return null;
    const key = `${kind} ${place}`;
    if (!flows.has(key)) flows.set(key, new Flow(kind, place ?? ''));
    return flows.get(key);
  }

  #sum(total, flows) {
    total.begin();
    for (const flow of flows.values()) {
      total.messages += flow.messages;
      total.bytes += flow.bytes;
    }
  }
}

/** All messages of these flows that were refused or lost. */
export function losses(flows) {
  let sum = 0;
  for (const flow of flows.values()) for (const n of flow.reasons.values()) sum += n;
  return sum;
}
