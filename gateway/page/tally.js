// Counts events by second and by value, exactly, in bounded memory: so many values, so many seconds.
// What finds no room among the values is counted together.

export const reach = 900;  // seconds that can be asked for
const slots = 1024;
const most = 500;          // values told apart

class Series {
  total = 0;
  #counts = new Uint32Array(slots);

  constructor(name) {
    this.name = name;
  }

  add(second, n, drawn) {
    this.total += n;
    if (drawn) this.#counts[second % slots] += n;
  }

  at(second) {
    return this.#counts[second % slots];
  }

  wipe(from, to) {
    if (to - from + 1 >= slots) this.#counts.fill(0);
    else for (let second = from; second <= to; ++second) this.#counts[second % slots] = 0;
  }
}

export class Tally {
  all;
  rest = new Series(null);  // the values beyond `most`
  #first = Infinity;
  #newest = 0;
  #values = new Map();
  #within;

  /** `within`: another tally that counts all events already, while this one only breaks them down differently. */
  constructor(within = null) {
    this.#within = within;
    this.all = within?.all ?? new Series(null);
    this.#newest = within ? within.#newest : 0;
  }

  /** The second from which on everything is known. */
  get oldest() {
    return this.#within?.oldest ?? this.#first;
  }

  get values() {
    return [...this.#values.values()];
  }

  /** An event came. */
  count(name, second) {
    this.advance(second);
    const drawn = second > this.#newest - slots;
    if (!this.#within) {
      this.#first = Math.min(this.#first, second);
      this.all.add(second, 1, drawn);
    }
    const series = this.#values.get(name) ?? this.#fresh(name);
    series.add(second, 1, drawn);
  }

  /** Time goes on. A clock that was put back far starts the seconds anew. */
  advance(second, back = Infinity) {
    if (this.#newest - second > back) this.#wipe(second - slots, second);
    else if (second > this.#newest) this.#wipe(this.#newest + 1, second);
    else return;
    this.#newest = second;
  }

  /** How many of a series came in [from, to]. */
  sum(series, from, to) {
    let sum = 0;
    const last = Math.min(to, this.#newest);
    for (let second = Math.max(from, this.#newest - slots + 1); second <= last; ++second) sum += series.at(second);
    return sum;
  }

  #wipe(from, to) {
    if (!this.#within) this.all.wipe(from, to);
    for (const series of [this.rest, ...this.#values.values()]) series.wipe(from, to);
  }

  #fresh(name) {
    if (this.#values.size >= most && !this.#makeRoom()) return this.rest;
    const series = new Series(name);
    this.#values.set(name, series);
    return series;
  }

  /** Values that were not seen for long go, a tenth of all at once, so that this is seldom. */
  #makeRoom() {
    if (this.#newest === this.#triedAt) return false;
    this.#triedAt = this.#newest;
    let left = most / 10;
    for (const [name, series] of this.#values) {
      if (this.sum(series, this.#newest - reach, this.#newest) > 0) continue;
      this.rest.total += series.total;
      this.#values.delete(name);
      if (--left === 0) break;
    }
    return this.#values.size < most;
  }
  #triedAt = 0;
}
