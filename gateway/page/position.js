// Where in the live stream the page is, so that a stream that broke goes on there: what to ask for, and whether what
// comes is what was asked for. Coming back, the page asks for its last event once more. Where another event has that
// number now, weir was started anew in between and gave the number out again. Pure.

export class Position {
  #seq = 0;       // of the last event, 0 where the stream has no numbers
  #stamp = '';    // and when weir read it; empty where that is not known
  #asked = '';    // the stamp of the event that was asked for once more
  #first;

  /** first: what to ask for at the very first. */
  constructor(first) {
    this.#first = first;
  }

  get numbered() {
    return this.#seq > 0;
  }

  /** What to ask for now: members of the query. */
  ask() {
    this.#asked = this.#stamp;
    if (this.#seq === 0) return this.#first;
    return {since: this.#asked ? this.#seq - 1 : this.#seq};
  }

  /**
   * What to do with a frame that came: 'take' it; 'skip' it, for it is known; or ask 'anew', for what comes
   * now follows what this page has not. A gap that it hands on may be smaller than it came: event.missed.
   */
  judge(event, stamp = '') {
    const asked = this.#asked;
    this.#asked = '';
    if (event.kind === 'restart') {
      this.#forget();
    } else if (event.kind === 'gap') {
      // The first that is missing is the one that is here already.
      if (asked) --event.missed;
      if (event.missed === 0) return 'skip';
      if (this.#seq) this.#at(this.#seq + event.missed, '');
    } else if (asked && event.seq === this.#seq) {
      if (stamp === asked) return 'skip';
      this.#forget();
      this.#first = {since: 0};
      return 'anew';
    } else if (event.seq) {
      this.#at(event.seq, stamp);
    }
    return 'take';
  }

  #at(seq, stamp) {
    this.#seq = seq;
    this.#stamp = stamp;
  }

  #forget() {
    this.#at(0, '');
  }
}
