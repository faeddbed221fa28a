// What the Node peers share: npm's ws from the end-to-end tests, and how they say where they listen.
import { createRequire } from 'node:module';

export const ws = createRequire(new URL('../../test/e2e/package.json', import.meta.url))('ws');

export function announce(server) {
  console.log(`listening on ${server.address().port}`);
}

process.on('SIGTERM', () => process.exit(0));
