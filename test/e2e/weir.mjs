// The built weir as a child process: $WEIR_PROGRAM, or build/weir.

import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';

export const program = process.env.WEIR_PROGRAM ?? fileURLToPath(new URL('../../build/weir', import.meta.url));

/** What weir logs at start, a line each: '… listening  udp        127.0.0.1:9000' → {udp: '127.0.0.1:9000'} */
export function bound(text) {
  const found = {};
  // Up to the line's end: the last line heard may be half of one.
  for (const [, kind, address] of text.matchAll(/\blistening\s+(\w+)\s+(\S+)\n/g)) found[kind] ??= address;
  return found;
}

/** '127.0.0.1:9000' or 'http://127.0.0.1:8080/' → {host, port} */
export function hostAndPort(address) {
  const url = new URL(address.includes('://') ? address : `tcp://${address}`);
  return {host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port)};
}

/** Starts weir and resolves once it serves all of `kinds`: {addresses, said(), kill(), stop()} */
export async function start(args, kinds, {env = {}} = {}) {
  const child = spawn(program, args, {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'pipe']});
  let said = '';
  const exited = new Promise(done => child.once('exit', (code, signal) => done({code, signal})));
  const last = () => child.kill('SIGKILL');  // no weir outlives its test
  process.once('exit', last);
  exited.then(() => process.removeListener('exit', last));
  const addresses = await new Promise((resolve, reject) => {
    const hear = chunk => {
      said += chunk;
      const found = bound(said);
      if (kinds.every(kind => kind in found)) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    setTimeout(() => reject(new Error(`weir did not say in time that it serves ${kinds}:\n${said}`)), 30_000).unref();
    exited.then(({code}) => reject(new Error(`weir ended with status ${code}:\n${said}`)));
  });
  const end = signal => {
    child.kill(signal);
    return exited;
  };
  return {addresses, said: () => said, kill: () => end('SIGKILL'), stop: () => end('SIGTERM')};
}
