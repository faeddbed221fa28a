// Which members the events have, to suggest them: looked at now and then, bounded in number and depth.

const most = 100;
const deepest = 4;
const eager = 200;    // events all looked at, at first
const seldom = 100;   // milliseconds between two events looked at, later

export class Members {
  #paths = new Set();
  #looked = 0;
  #next = 0;

  /** Whether something new was found. */
  note(json, now) {
    if (json === undefined || this.#paths.size >= most || (this.#looked >= eager && now < this.#next)) return false;
    ++this.#looked;
    this.#next = now + seldom;
    const before = this.#paths.size;
    this.#walk(json, '', 1);
    return this.#paths.size > before;
  }

  get paths() {
    return [...this.#paths].sort();
  }

  #walk(json, prefix, depth) {
    for (const [name, value] of Object.entries(json)) {
      if (this.#paths.size >= most) return;
      const path = prefix + name;
      if (path.length > 100) continue;
      if (value === null || typeof value !== 'object') this.#paths.add(path === 'topic' || path === 'listener' ? `.${path}` : path);
      else if (!Array.isArray(value) && depth < deepest) this.#walk(value, `${path}.`, depth + 1);
    }
  }
}
