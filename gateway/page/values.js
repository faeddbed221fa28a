// The table of the values that events are counted by: sorted by a click on a column, a click on a name
// picks it.

import {count, rate as rateText, short} from './format.js';
import {set} from './lanes.js';
import {labelOf, name as putName, swatch} from './legend.js';

const most = 100;  // rows

export class Values {
  #table;
  #body;
  #picked;
  #rows = new Map();  // name → its elements
  #by = 'rate';
  #down = true;
  #newOrder = true;   // asked for, so that it comes at once

  /** picked(name): a name was clicked. */
  constructor(table, picked) {
    this.#table = table;
    this.#body = table.tBodies[0];
    this.#picked = picked;
    for (const button of table.querySelectorAll('th button')) {
      button.addEventListener('click', () => this.#sortBy(button.dataset.sort));
    }
  }

  #sortBy(column) {
    this.#down = this.#by === column ? !this.#down : column !== 'name';
    this.#by = column;
    this.#newOrder = true;
    for (const button of this.#table.querySelectorAll('th button')) {
      const order = button.dataset.sort !== column ? 'none' : this.#down ? 'descending' : 'ascending';
      button.closest('th').setAttribute('aria-sort', order);
    }
    this.update(this.#last);
  }
  #last = {values: [], unnamed: 0, chosen: null};

  /**
   * values: [{name, colour, total, now, rate, share}], unnamed: how many events have no row of their own,
   * chosen: {name} of the one that the stream is filtered by, or null.
   */
  update({values, unnamed, chosen}) {
    this.#last = {values, unnamed, chosen};
    const sorted = [...values].sort((a, b) => this.#compare(a, b)).slice(0, most);
    const wanted = new Set(sorted.map(({name}) => name));
    for (const [name, row] of this.#rows) {
      if (wanted.has(name)) continue;
      row.root.remove();
      this.#rows.delete(name);
    }
    for (const value of sorted) this.#fill(value, chosen);
    this.#arrange(sorted);
    const left = unnamed + values.length - sorted.length;
    set(this.#table.tFoot.querySelector('th'), unnamed || left ? `and ${this.#more(values.length - sorted.length, unnamed)}` : '');
    this.#table.tFoot.hidden = !left;
  }

  #more(rows, unnamed) {
    return [rows && `${count(rows)} more`, unnamed && `${count(unnamed)} events not told apart`].filter(Boolean).join(', ');
  }

  #compare(a, b) {
    const by = this.#by;
    const order = by === 'name' ? labelOf(a.name).localeCompare(labelOf(b.name)) : a[by] - b[by];
    return (this.#down ? -order : order) || b.total - a.total;
  }

  #fill({name, colour, total, now, rate, share}, chosen) {
    const row = this.#rows.get(name) ?? this.#make(name);
    row.swatch.className = `swatch ${colour}`;
    row.button.setAttribute('aria-pressed', String(chosen !== null && chosen.name === name));
    set(row.total, total < 1e6 ? count(total) : short(total));
    row.total.title = count(total);
    set(row.now, rateText(now));
    set(row.rate, rateText(rate));
    set(row.share, share > 0 && share < 0.001 ? '<0.1%' : `${(share * 100).toFixed(1)}%`);
  }

  #make(name) {
    const part = tag => document.createElement(tag);
    const row = {root: part('tr'), swatch: swatch('other'), button: part('button'),
                 total: part('td'), now: part('td'), rate: part('td'), share: part('td')};
    const head = part('th');
    head.scope = 'row';
    row.button.type = 'button';
    row.button.title = labelOf(name);
    row.button.className = name === null || name === '' ? 'name none' : 'name';
    putName(row.button, labelOf(name));
    row.button.addEventListener('click', () => this.#picked(name));
    head.append(row.swatch, row.button);
    row.root.append(head, row.total, row.now, row.rate, row.share);
    this.#body.append(row.root);
    this.#rows.set(name, row);
    return row;
  }

  /** Rows don't move under a hand that is about to click, nor away from the focus. */
  #arrange(sorted) {
    const busy = this.#body.matches(':hover') || this.#body.contains(document.activeElement);
    if (busy && !this.#newOrder) return;
    this.#newOrder = false;
    const order = sorted.map(({name}) => this.#rows.get(name).root);
    if (order.some((root, at) => this.#body.children[at] !== root)) this.#body.replaceChildren(...order);
  }
}
