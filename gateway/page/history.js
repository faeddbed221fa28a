// The newest events that came over the live stream, bounded in number and in bytes, so that a
// filter can search more than what is on the screen.

const most = 5000;
const heaviest = 16 * 1024 * 1024;  // characters or bytes

const gap = /^\{"weir":"gap","missed":(\d+)\}$/;

/** What a message of the live stream is: {time, kind: 'text' | 'binary' | 'gap', …}. */
export function entry(data, time) {
  if (typeof data !== 'string') {
    const bytes = new Uint8Array(data);
    return {time, kind: 'binary', bytes, text: hex(bytes.subarray(0, 64)), weight: bytes.length};
  }
  const found = data.length < 64 ? gap.exec(data) : null;
  if (found) return {time, kind: 'gap', missed: Number(found[1]), text: '', weight: 0};
  return {time, kind: 'text', text: data, weight: data.length};
}

/** A line of the page's own between the events. */
export const remark = (text, time) => ({time, kind: 'remark', text, weight: 0});

export const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ');

export class History {
  #slots = new Array(most);
  #first = 0;  // sequence number of the oldest
  #next = 0;
  #weight = 0;

  get size() {
    return this.#next - this.#first;
  }

  add(event) {
    this.#weight += event.weight;
    while (this.size >= most || (this.size > 0 && this.#weight > heaviest)) {
      this.#weight -= this.#slots[this.#first % most].weight;
      this.#slots[this.#first++ % most] = undefined;
    }
    this.#slots[this.#next++ % most] = event;
  }

  clear() {
    this.#slots = new Array(most);
    this.#first = this.#next;
    this.#weight = 0;
  }

  /** The newest `limit` events that match, oldest first, and how many match in all. */
  find(matches, limit) {
    const found = [];
    let total = 0;
    for (let at = this.#next - 1; at >= this.#first; --at) {
      const event = this.#slots[at % most];
      if (!matches(event)) continue;
      ++total;
      if (found.length < limit) found.push(event);
    }
    return {found: found.reverse(), total};
  }
}

/** 'these words -not': a test for events; gaps and remarks always pass. */
export function matcher(filter) {
  const terms = filter.split(/\s+/).filter(term => term && term !== '-').map(term => {
    const without = term.length > 1 && term[0] === '-';
    const plain = (without ? term.slice(1) : term).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return {without, pattern: new RegExp(plain, 'i')};
  });
  return event => event.kind === 'gap' || event.kind === 'remark'
    || terms.every(({without, pattern}) => pattern.test(event.text) !== without);
}
