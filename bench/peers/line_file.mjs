// Lines to a file from Node: what came in one turn of the event loop is one write.
import { openSync, writeSync } from 'node:fs';

export class LineFile {
  constructor(path) {
    this.file = openSync(path, 'a');
    this.parts = [];
  }

  add(message) {
    if (this.parts.length === 0) setImmediate(() => this.flush());
    this.parts.push(message, '\n');
  }

  flush() {
    const text = this.parts.join('');
    this.parts = [];
    writeSync(this.file, text, null, 'latin1');
  }
}
