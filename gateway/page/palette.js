// Which values have a colour. Whoever has one keeps it while it is among the most frequent, so that
// colours don't jump between values that are about as frequent.

export const colours = 8;
const clearly = 1.25;  // times as frequent must be who takes a colour over

export class Palette {
  #holders = new Array(colours).fill(null);  // names; null is a value, too, so that these are boxed

  /** counts: [{name, count}]: how frequent each value is now. */
  assign(counts) {
    const byName = new Map(counts.map(({name, count}) => [name, count]));
    const frequency = holder => byName.get(holder.name) ?? 0;
    this.#holders = this.#holders.map(holder => (holder && frequency(holder) > 0 ? holder : null));
    const wanting = counts.filter(({name, count}) => count > 0 && this.of(name) < 0).sort((a, b) => b.count - a.count);
    for (const {name, count} of wanting) {
      let at = this.#holders.indexOf(null);
      if (at < 0) {
        at = this.#holders.reduce((least, holder, i, all) => (frequency(holder) < frequency(all[least]) ? i : least), 0);
        if (count <= clearly * frequency(this.#holders[at])) return;
      }
      this.#holders[at] = {name};
    }
  }

  /** The colour of a value, from 0, or -1. */
  of(name) {
    return this.#holders.findIndex(holder => holder !== null && holder.name === name);
  }

  clear() {
    this.#holders.fill(null);
  }
}
