// npm's ws as the client: it sends to /ws and listens at /live.

import {test} from 'node:test';
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {readFile, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import WebSocket from 'ws';
import {hostAndPort, start} from './weir.mjs';

test('ws sends, listens and is answered', {timeout: 60_000}, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'weir-ws-'));
  const file = path.join(folder, 'out');
  const weir = await start(['--http', '127.0.0.1:0', '--file', file], ['http']);
  const {host, port} = hostAndPort(weir.addresses.http);
  const live = new WebSocket(`ws://${host}:${port}/live`);
  const sender = new WebSocket(`ws://${host}:${port}/ws`);
  await Promise.all([once(live, 'open'), once(sender, 'open')]);

  const got = [];
  const all = new Promise(done => live.on('message', (data, binary) => {
    got.push([data.toString('latin1'), binary]);
    if (got.length === 102) done();
  }));
  for (let n = 0; n < 100; ++n) sender.send(`{"n":${n}}`);
  sender.send('in ', {fin: false});
  sender.send('fragments', {fin: true});
  sender.send(Buffer.from([0xff, 0xfe]), {binary: true});
  await all;
  assert.deepEqual(got, [...Array.from({length: 100}, (_, n) => [`{"n":${n}}`, false]), ['in fragments', false],
    ['\xff\xfe', true]]);

  sender.ping('hello');
  const [pong] = await once(sender, 'pong');
  assert.equal(pong.toString(), 'hello');
  sender.close(1000);
  assert.equal((await once(sender, 'close'))[0], 1000);

  const listening = once(live, 'close');
  assert.deepEqual(await weir.stop(), {code: 0, signal: null});
  assert.equal((await listening)[0], 1001);
  assert.equal((await readFile(file, 'latin1')).split('\n').length, 103);
  await rm(folder, {recursive: true});
});
