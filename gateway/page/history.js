// The newest events that came over the live stream, bounded in number and in bytes, so that a
// filter can search more than what is on the screen, and a member picked later be counted.

import {lookUp} from './entry.js';

export const most = 10_000;
const heaviest = 16 * 1024 * 1024;  // characters or bytes

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

export const isEvent = event => event.kind === 'text' || event.kind === 'binary';

/**
 * A test for events: 'these words -not' in the text or the topic, and, where `only` is given, its value at its
 * path. What is no event always passes.
 */
export function matcher(filter, only = null) {
  const terms = filter.split(/\s+/).filter(term => term && term !== '-').map(term => {
    const without = term.length > 1 && term[0] === '-';
    const plain = (without ? term.slice(1) : term).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return {without, pattern: new RegExp(plain, 'i')};
  });
  return event => !isEvent(event)
    || terms.every(({without, pattern}) => (pattern.test(event.text) || pattern.test(event.topic)) !== without)
      && (only === null || lookUp(event, only.path) === only.value);
}
