// The WebSocket to /live: opens it, hands on what comes, and opens it again, from where it was, whenever it ends.

const longest = 10_000;  // milliseconds between two attempts, at most
const patience = 10_000; // for an attempt that gets no answer

export class Live {
  phase = 'connecting';  // or 'open', or 'waiting' until this.until
  until = 0;
  downSince = 0;
  everOpen = false;
  #address;
  #on;
  #socket = null;
  #attempts = 0;
  #timer = 0;

  /** address(): the URL to open now; on: {message(data), open(wasDownFor), change()} */
  constructor(address, on) {
    this.#address = address;
    this.#on = on;
  }

  start() {
    addEventListener('online', () => this.retry());
    this.#connect();
  }

  /** Tries at once where it was waiting to. */
  retry() {
    if (this.phase !== 'waiting') return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  /** Opens it again at once, with what is asked for now; nothing more comes of the old one. */
  again() {
    clearTimeout(this.#timer);
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#connect();
  }

  #connect() {
    this.#enter('connecting');
    const socket = this.#socket = new WebSocket(this.#address());
    socket.binaryType = 'arraybuffer';
    this.#timer = setTimeout(() => socket.close(), patience);
    socket.onopen = () => {
      clearTimeout(this.#timer);
      const wasDown = this.downSince ? Date.now() - this.downSince : 0;
      this.#attempts = 0;
      this.downSince = 0;
      this.everOpen = true;
      this.#enter('open');
      this.#on.open(wasDown);
    };
    socket.onmessage = message => this.#on.message(message.data);
    socket.onclose = () => this.#ended();
  }

  #ended() {
    clearTimeout(this.#timer);
    if (this.everOpen) this.downSince ||= Date.now();
    // Half of the wait is drawn by lot, so that all browsers don't come back in the same instant.
    const wait = Math.min(longest, 500 * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
    this.until = Date.now() + wait;
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.#enter('waiting');
  }

  #enter(phase) {
    this.phase = phase;
    this.#on.change();
  }
}
