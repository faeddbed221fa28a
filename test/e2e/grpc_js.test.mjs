// npm's @grpc/grpc-js as the client, with the .proto read as it stands.

import {test} from 'node:test';
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {readFile, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import {start} from './weir.mjs';

const proto = fileURLToPath(new URL('../../proto/weir/v1/ingest.proto', import.meta.url));
const {weir: {v1: {Ingest}}} = grpc.loadPackageDefinition(loader.loadSync(proto, {longs: Number, defaults: true}));

test('grpc-js publishes, streams and listens', {timeout: 120_000}, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'weir-grpc-'));
  const file = path.join(folder, 'out');
  const weir = await start(['--grpc', '127.0.0.1:0,token=s3cret', '--file', file], ['grpc']);
  const client = new Ingest(weir.addresses.grpc, grpc.credentials.createInsecure());
  const publish = promisify(client.publish).bind(client);
  const token = new grpc.Metadata();
  token.set('authorization', 'Bearer s3cret');

  await assert.rejects(publish({data: Buffer.from('1')}), {code: grpc.status.UNAUTHENTICATED});
  await assert.rejects(publish({}, token), {code: grpc.status.INVALID_ARGUMENT});
  await assert.rejects(publish({data: Buffer.alloc(2 << 20)}, token), {code: grpc.status.RESOURCE_EXHAUSTED});

  const live = client.subscribe({topics: ['b']}, token);
  const heard = [];
  live.on('data', event => heard.push([event.data.toString(), event.topic, event.seq]));
  const ended = once(live, 'error');
  await once(live, 'metadata');

  assert.deepEqual(await publish({data: Buffer.from('first'), topic: 'a'}, token), {});
  const summary = await new Promise((done, failed) => {
    const stream = client.publishStream(token, (fault, value) => fault ? failed(fault) : done(value));
    let n = 0;
    const more = () => {
      while (n < 20_000) if (!stream.write({data: Buffer.from(`${n}`), topic: n++ % 1000 ? 'a' : 'b'})) {
        stream.once('drain', more);
        return;
      }
      stream.end();
    };
    more();
  });
  assert.deepEqual(summary, {accepted: 20_000, refused: 0});
  while (heard.length < 20) await once(live, 'data');
  assert.deepEqual(heard, Array.from({length: 20}, (_, n) => [`${n * 1000}`, 'b', n * 1000 + 2]));

  assert.deepEqual(await weir.stop(), {code: 0, signal: null});
  assert.equal((await ended)[0].code, grpc.status.UNAVAILABLE);
  client.close();
  const lines = (await readFile(file, 'latin1')).split('\n');
  assert.equal(lines.length, 20_002);
  assert.deepEqual([lines[0], lines[20_000]], ['first', '19999']);
  assert.ok(!weir.said().includes('s3cret'));
  await rm(folder, {recursive: true});
});
