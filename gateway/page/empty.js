// What stands in the list while it shows no event: why, and lines to paste that send a first one.

import {nameOf} from './format.js';
import {set} from './lanes.js';
import {recipes} from './recipes.js';
import {copyButton} from './rows.js';

const $ = id => document.getElementById(id);

export class Empty {
  fault = '';          // what is wrong with the metrics; 'token' where this page is not let in
  #events;
  #books;
  #token;
  #takesPost = true;   // whether the page's own port takes events
  #shown = '';         // the lines, to see whether they changed

  constructor(events, books, token) {
    this.#events = events;
    this.#books = books;
    this.#token = token;
  }

  /** Asks what the page's own port takes: with ingest=off it takes no events. */
  async ask() {
    const answer = await fetch('./', {method: 'OPTIONS'}).catch(() => null);
    this.#takesPost = answer?.headers.get('Allow')?.includes('POST') ?? true;
    $('send').hidden = !this.#takesPost;
    this.show();
  }

  show() {
    const {empty, filtered, seen} = this.#events;
    const nothing = filtered && !empty && $('rows').childElementCount === 0;
    this.#showLines();
    // Not before it is known what to paste, for then it would move.
    $('empty').hidden = (!empty && !nothing) || !(this.#books.listeners.size || this.fault);
    $('recipes').hidden = nothing;
    set($('empty-title'), nothing ? 'Nothing matches' : seen ? 'Cleared' : 'No events yet');
    set($('empty-text'), this.fault === 'token' ? 'This page is not let in without the right token.'
      : nothing ? 'No event on this page matches the filter. New ones that do will appear here.' : this.#how());
  }

  #how() {
    const ways = [$('recipes').childElementCount > 0 && 'paste one of these lines in a terminal',
                  this.#takesPost && 'send one from the box below'].filter(Boolean);
    const text = ways.join(', or ') || 'they appear here as soon as a listener takes one';
    return `${text[0].toUpperCase()}${text.slice(1)}.`;
  }

  #showLines() {
    const page = {url: new URL('./', document.baseURI).href, port: location.port || (location.protocol === 'https:' ? '443' : '80'),
                  hostname: location.hostname, takesPost: this.#takesPost, token: this.#token};
    const lines = this.fault === 'token' ? [] : recipes(this.#books.takers, page);
    const now = JSON.stringify(lines);
    if (now === this.#shown) return;
    this.#shown = now;
    $('recipes').replaceChildren(...lines.map(([kind, text]) => {
      const item = document.createElement('li'), copy = copyButton(() => text);
      copy.setAttribute('aria-label', `Copy the line for ${nameOf(kind)}`);
      item.append(Object.assign(document.createElement('span'), {textContent: nameOf(kind)}),
                  Object.assign(document.createElement('code'), {textContent: text, tabIndex: 0}), copy);
      return item;
    }));
  }
}
