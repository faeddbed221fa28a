// The parts of the page that need no browser.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';

// As a data URL, because outside of a package Node takes a .js file for CommonJS.
async function part(name) {
  const source = await readFile(new URL(`../../gateway/page/${name}.js`, import.meta.url), 'utf8');
  return import(`data:text/javascript,${encodeURIComponent(source)}`);
}

const {bytes, clock, short, size, span} = await part('format');
const {entry, History, matcher, remark} = await part('history');
const {pretty} = await part('json');
const {Books, losses, parse} = await part('metrics');
const {address, recipe} = await part('recipes');

test('numbers fit in six characters', () => {
  const shown = {0: '0', 0.04: '0', 0.44: '0.4', 9.96: '10', 4980: '4,980', 99949: '99,949', 124900: '125k', 999950: '1M',
                 1254000: '1.25M', 7e9: '7G', 3e12: '3T'};
  for (const [n, text] of Object.entries(shown)) assert.equal(short(Number(n)), text);
  assert.deepEqual(size(999), ['999', 'B']);
  assert.equal(bytes(1000), '0.977 KiB');
  assert.equal(bytes(64 * 1024 * 1024), '64 MiB');
  assert.equal(span(125_000), '2 min 5 s');
  assert.equal(span(180_000), '3 min');
  assert.match(clock(Date.now()), /^\d\d:\d\d:\d\d\.\d{3}$/);
});

test('JSON is laid out without touching what it says', () => {
  assert.equal(pretty('{"a":1.50,"b":[],"c":{},"d":[1,{"e":"x,{}\\"[]"}]}'),
    '{\n  "a": 1.50,\n  "b": [],\n  "c": {},\n  "d": [\n    1,\n    {\n      "e": "x,{}\\"[]"\n    }\n  ]\n}');
  assert.equal(pretty('[123456789012345678901234567890]'), '[\n  123456789012345678901234567890\n]');
  assert.equal(pretty('"alone"'), '"alone"');
  assert.equal(pretty('{"a":'), null);
  for (const text of ['{"a":[1,[2,[3,[]]]],"b":null,"c":" {\\n} "}', '[{},{"":[[]]},-1e-7,true]']) {
    assert.deepEqual(JSON.parse(pretty(text)), JSON.parse(text));
  }
});

test('control frames are told from events', () => {
  assert.equal(entry('{"weir":"gap","missed":17}', 0).missed, 17);
  assert.equal(entry('{"weir":"gap","missed":17} ', 0).kind, 'text');
  assert.equal(entry('{"weir":"gap","missed":-1}', 0).kind, 'text');
  const binary = entry(new Uint8Array([0xff, 0, 0x41]).buffer, 0);
  assert.deepEqual([binary.kind, binary.text], ['binary', 'ff 00 41']);
});

test('the history keeps the newest, within its bounds', () => {
  const history = new History();
  for (let n = 0; n < 5100; ++n) history.add(entry(`event ${n}`, n));
  assert.equal(history.size, 5000);
  const {found, total} = history.find(matcher('event'), 3);
  assert.deepEqual([total, found.map(event => event.text)], [5000, ['event 5097', 'event 5098', 'event 5099']]);
  for (let n = 0; n < 20; ++n) history.add(entry(String(n).padEnd(1024 * 1024), n));
  assert.equal(history.size, 16);
  history.add(entry('x'.repeat(17 * 1024 * 1024), 0));
  assert.equal(history.size, 1);
  history.clear();
  assert.equal(history.size, 0);
});

test('a filter is words that must and must not occur', () => {
  const matches = (filter, text) => matcher(filter)(entry(text, 0));
  assert.ok(matches('', 'anything'));
  assert.ok(matches('DOOR hall', '{"event":"door","room":"Hall"}'));
  assert.ok(!matches('door attic', '{"event":"door","room":"hall"}'));
  assert.ok(!matches('door -hall', '{"event":"door","room":"hall"}'));
  assert.ok(matches('a.c (', 'a.c ('));
  assert.ok(!matches('a.c', 'abc'));
  assert.ok(matches('door - ', 'door'));
  assert.ok(matcher('nothing')(remark('of the page itself', 0)));
});

const page = (udp, file) => `# HELP weir_received_messages_total x
# TYPE weir_received_messages_total counter
weir_received_messages_total{listener="udp",address="127.0.0.1:9000"} ${udp}
weir_received_bytes_total{listener="udp",address="127.0.0.1:9000"} ${udp * 10}
weir_refused_messages_total{listener="udp",address="127.0.0.1:9000",reason="oversize"} 2
weir_delivered_messages_total{sink="file",target="C:\\\\a \\"b\\".ndjson"} ${file}
weir_delivered_bytes_total{sink="file",target="C:\\\\a \\"b\\".ndjson"} ${file * 10}
weir_queue_bytes 4.5e+03
`;

test('metrics become rates', () => {
  assert.deepEqual(parse('a{b="x\\ny",c="}"} 1e3\n# b 2\nc 3\n'),
    [{name: 'a', labels: {b: 'x\ny', c: '}'}, value: 1000}, {name: 'c', labels: {}, value: 3}]);
  const books = new Books();
  books.update(page(100, 50), 1000);
  assert.equal(books.received.rate.messages, 0, 'what was before the page is no rate');
  books.update(page(300, 150), 3000);
  assert.deepEqual([books.received.rate.messages, books.received.rate.bytes], [100, 1000]);
  const [sink] = books.sinks.values();
  assert.deepEqual([sink.place, sink.rate.messages, books.queue.bytes], ['C:\\a "b".ndjson', 50, 4500]);
  assert.equal(losses(books.listeners), 2);
  books.update(page(7, 7), 4000);
  assert.equal(books.received.points.length, 1, 'a program started anew is no negative rate');
  books.update('', 5000);
  assert.equal(books.listeners.size, 0);
});

test('recipes are made from real addresses', () => {
  assert.deepEqual(address('[::1]:9000', 'here'), {host: '::1', port: '9000'});
  assert.deepEqual(address('0.0.0.0:9000', 'box.example'), {host: 'box.example', port: '9000'});
  assert.deepEqual(address('[::]:9000', '[::1]'), {host: '::1', port: '9000'});
  assert.deepEqual(address('unix:/run/weir', 'here'), {path: '/run/weir'});
  assert.equal(recipe('udp', '127.0.0.1:9000', 'here'), `echo '{"hello":"weir"}' | nc -u -w0 127.0.0.1 9000`);
  assert.equal(recipe('http', '[::]:8080', '[::1]'), `curl -d '{"hello":"weir"}' http://[::1]:8080/`);
  assert.equal(recipe('tcp', 'unix:/run/weir', 'here'), `echo '{"hello":"weir"}' | nc -U -w1 /run/weir`);
  assert.equal(recipe('ws', '127.0.0.1:8080', 'here'), null);
  assert.equal(recipe('udp', 'nonsense', 'here'), null);
});
