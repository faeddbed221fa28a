// OTLP taken by a receiver that is not ours, Elastic's, and read by OpenTelemetry's own code, generated from its .proto
// files: what weir POSTs must survive the way there and back.

import {test} from 'node:test';
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {createRequire} from 'node:module';
import {once} from 'node:events';
import mock from '@elastic/mockotlpserver';
import {start} from './weir.mjs';

const root = createRequire(import.meta.url)('@opentelemetry/otlp-transformer/build/src/generated/root.js');
const {ExportTraceServiceRequest} = root.opentelemetry.proto.collector.trace.v1;
const ids = new Set(['traceId', 'spanId', 'parentSpanId']);

/** OTLP's JSON has ids in hex, where that of protocol buffers has base64. */
function convert(value, id) {
  if (Array.isArray(value)) return value.map(each => convert(each, id));
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(
      ([name, each]) => [name, ids.has(name) ? id(each) : convert(each, id)]));
}

/** Answers each request by `answer(request, body)`. */
async function serve(answer) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.writeHead(answer(request, body)).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {url: `http://127.0.0.1:${server.address().port}`, close: () => server.close()};
}

test('a trace goes through weir, and its spans are valid OTLP', {timeout: 60_000}, async () => {
  const exported = [];
  const posted = [];
  const collector = new mock.MockOtlpServer({services: ['http'], httpHostname: '127.0.0.1', httpPort: 0, logLevel: 'warn',
                                             onTrace: request => exported.push(request)});
  await collector.start();
  const target = await serve((request, body) => {
    posted.push({headers: request.headers, body});
    return 204;
  });
  const weir = await start(['--http', '127.0.0.1:0', '--post', `${target.url}/in,linger=0`,
                            '--trace', `otlp:${collector.httpUrl.origin},sample=0`], ['http']);
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const send = headers => fetch(weir.addresses.http, {method: 'POST', body: '{"hello":"trace"}', headers});
  assert.equal((await send({traceparent: `00-${traceId}-00f067aa0ba902b7-01`, tracestate: 'rojo=1'})).status, 204);
  assert.equal((await send({traceparent: `00-${traceId}-00f067aa0ba902b7-00`})).status, 204); // not sampled
  assert.equal((await send({})).status, 204); // and not here either
  assert.equal((await weir.stop()).code, 0);
  await collector.close();
  target.close();

  const spans = [];
  assert.match(weir.said(), /trace http:\S+: 5 spans sent, 0 dropped/);
  for (const body of exported) {
    const message = ExportTraceServiceRequest.fromObject(convert(body, hex => Buffer.from(hex, 'hex')));
    assert.equal(ExportTraceServiceRequest.verify(message), null);
    const back = ExportTraceServiceRequest.toObject(
        ExportTraceServiceRequest.decode(ExportTraceServiceRequest.encode(message).finish()), {longs: String});
    assert.deepEqual(convert(back, bytes => Buffer.from(bytes).toString('hex')), body);
    for (const resource of body.resourceSpans) {
      assert.deepEqual(resource.resource.attributes[0], {key: 'service.name', value: {stringValue: 'weir'}});
      for (const scope of resource.scopeSpans) spans.push(...scope.spans);
    }
  }
  const named = name => {
    const found = spans.filter(span => span.name === name);
    assert.equal(found.length, 1, `${name} in ${JSON.stringify(spans)}`);
    return found[0];
  };
  const accept = named('accept http');
  const deliver = named('deliver post');
  named('queue post');
  assert.equal(accept.parentSpanId, '00f067aa0ba902b7');
  assert.equal(accept.kind, 2);
  assert.equal(deliver.parentSpanId, accept.spanId);
  assert.equal(deliver.kind, 3);
  for (const span of spans) {
    assert.equal(span.traceId, traceId);
    assert.ok(BigInt(span.startTimeUnixNano) <= BigInt(span.endTimeUnixNano));
  }
  const sampled = posted.find(({headers}) => headers.traceparent?.endsWith('-01'));
  assert.equal(sampled.headers.traceparent, `00-${traceId}-${deliver.spanId}-01`);
  assert.equal(sampled.headers.tracestate, 'rojo=1');
});
