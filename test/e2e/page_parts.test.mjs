// The parts of the page that need no browser.

import assert from 'node:assert/strict';
import {cp, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {fileURLToPath, pathToFileURL} from 'node:url';

// In a package of their own, because outside of one Node takes a .js file for CommonJS.
const folder = await mkdtemp(path.join(tmpdir(), 'weir-parts-'));
await cp(fileURLToPath(new URL('../../gateway/page', import.meta.url)), folder, {recursive: true});
await writeFile(path.join(folder, 'package.json'), '{"type": "module"}');
after(() => rm(folder, {recursive: true, force: true}));
const part = name => import(pathToFileURL(path.join(folder, `${name}.js`)));

const {bytes, clock, nameOf, rate, short, size, span} = await part('format');
const {lookUp, read, remark} = await part('entry');
const {History, matcher, most} = await part('history');
const {pretty} = await part('json');
const {Members} = await part('members');
const {Books, losses, parse} = await part('metrics');
const {colours, Palette} = await part('palette');
const {Position} = await part('position');
const {address, recipe, recipes} = await part('recipes');
const {layout, stack, ticks} = await part('stacks');
const {Tally} = await part('tally');

const entry = (frame, time) => read(frame, time).event;

test('numbers fit in six characters', () => {
  const shown = {0: '0', 0.04: '0', 0.44: '0.4', 9.96: '10', 4980: '4,980', 99949: '99,949', 124900: '125k', 999950: '1M',
                 1254000: '1.25M', 7e9: '7G', 3e12: '3T'};
  for (const [n, text] of Object.entries(shown)) assert.equal(short(Number(n)), text);
  for (const [n, text] of Object.entries({0: '0', 0.01: '<0.1', 0.06: '0.1', 7: '7.0', 9.94: '9.9', 9.96: '10', 1234: '1,234'})) {
    assert.equal(rate(Number(n)), text);
  }
  assert.deepEqual(size(999), ['999', 'B']);
  assert.equal(bytes(1000), '0.977 KiB');
  assert.equal(bytes(64 * 1024 * 1024), '64 MiB');
  assert.equal(span(125_000), '2 min 5 s');
  assert.equal(span(180_000), '3 min');
  assert.match(clock(Date.now()), /^\d\d:\d\d:\d\d\.\d{3}$/);
});

test('every listener and sink that the reference names has a name on the page', async () => {
  const reference = await readFile(new URL('../../docs/reference.md', import.meta.url), 'utf8');
  const parts = reference.slice(reference.indexOf('## Listeners'), reference.indexOf('## The rest of a run'));
  const kinds = [...parts.matchAll(/^### --(\S+)/gm)].map(found => found[1]);
  assert.ok(kinds.length > 10);
  assert.deepEqual(kinds.filter(kind => nameOf(kind) === kind), []);
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

test('notices are told from events', () => {
  assert.equal(entry('{"weir":"gap","missed":17}', 0).missed, 17);
  assert.equal(entry('{"weir":"gap","missed":17} ', 0).kind, 'text');
  assert.equal(entry('{"weir":"gap","missed":-1}', 0).kind, 'text');
  assert.equal(entry('{"weir":"restart"}', 0).kind, 'restart');
  assert.equal(entry('{"weir":"restart","n":1}', 0).kind, 'text');
  const binary = entry(new Uint8Array([0xff, 0, 0x41]).buffer, 0);
  assert.deepEqual([binary.kind, binary.text], ['binary', 'ff 00 41']);
});

test('the history keeps the newest, within its bounds', () => {
  const history = new History();
  for (let n = 0; n < most + 100; ++n) history.add(entry(`event ${n}`, n));
  assert.equal(history.size, most);
  const {found, total} = history.find(matcher('event'), 3);
  assert.deepEqual([total, found.map(event => event.text)], [most, [97, 98, 99].map(n => `event ${most + n}`)]);
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
  assert.ok(matches('ORDER.paid', '{"type":"order.paid"}'));
  const enveloped = entry('{"seq":1,"time":"2026-01-02T03:04:05Z","listener":"udp","topic":"door","data":{"n":1}}', 0);
  assert.ok(matcher('door')(enveloped) && !matcher('-door')(enveloped), 'the topic is searched, too');
  assert.ok(matcher('', {path: 'topic', value: 'door'})(enveloped) && !matcher('', {path: 'topic', value: null})(enveloped));
  assert.ok(matcher('', {path: 'n', value: '1'})(enveloped) && !matcher('', {path: 'n', value: '2'})(enveloped));
});

test('an event comes bare or in an envelope', () => {
  const bare = read('{"type":"door","data":{"account":"a1"},"n":1.50}', 7);
  assert.deepEqual([bare.event.topic, bare.event.time, bare.event.seq, bare.json.data.account], ['door', 7, 0, 'a1']);
  assert.equal(entry('{"type":7}', 0).topic, '');
  assert.equal(entry('{"seq":1,"data":2}', 0).text, '{"seq":1,"data":2}', 'that alone is somebody’s own event');

  const envelope = data => `{"seq":12,"time":"2026-01-02T03:04:05.678901Z","listener":"udp","topic":"a\\",\\"data\\":","data":${data}}`;
  for (const data of ['{"n":1.50,"data":{"deep":[1e2]}}', '[1,{"a":2}]', '17', 'null', '{}']) {
    const {event, json} = read(envelope(data), 7);
    assert.equal(event.text, data, 'as it was written');
    assert.deepEqual([event.seq, event.listener, event.topic], [12, 'udp', 'a","data":']);
    assert.equal(event.time, Date.UTC(2026, 0, 2, 3, 4, 5, 678));
    assert.equal(json !== undefined, data[0] === '{');
  }
  assert.equal(entry(envelope('"not \\"JSON\\""'), 0).text, 'not "JSON"');
  const binary = entry(envelope('"/wBB","encoding":"base64"'), 0);
  assert.deepEqual([binary.kind, binary.text, binary.seq], ['binary', 'ff 00 41', 12]);
  assert.equal(entry(envelope('{"n":1.5},"encoding":"json"'), 0).text, '{"n":1.5}');
});

test('a path finds a topic, a listener or a member', () => {
  const at = (path, text) => lookUp(entry(text, 0), path);
  const text = '{"type":"door","topic":"own","data":{"account":"a1","n":0,"no":null,"on":false,"list":[1],"more":{}},"a.b":{"c.d":"dotted"},"empty":""}';
  const found = {topic: 'door', '.topic': 'own', listener: null, 'data.account': 'a1', '.data.account': 'a1', 'data.n': '0', 'data.no': 'null',
                 'data.on': 'false', 'data.list': '[…]', data: '{…}', 'a.b.c.d': 'dotted', empty: '', missing: null, 'data.account.x': null,
                 constructor: null, 'data.list.length': null, '': null, '..': null};
  for (const [path, value] of Object.entries(found)) assert.equal(at(path, text), value, path);
  assert.equal(at('a', 'no JSON'), null);
  assert.equal(at('length', '[1]'), null);
  assert.equal(at('a', JSON.stringify({a: 'x'.repeat(500)})).length, 201);
  const once = entry(text, 0);
  assert.deepEqual([lookUp(once, 'data.account'), lookUp(once, 'data.n'), lookUp(once, 'data.account')], ['a1', '0', 'a1']);
});

test('members are suggested, within bounds', () => {
  const members = new Members();
  assert.ok(members.note({a: 1, b: {c: {d: {e: 1, f: {g: 1}}}}, list: [{x: 1}], topic: 'own'}, 0));
  assert.deepEqual(members.paths, ['.topic', 'a', 'b.c.d.e']);
  assert.ok(!members.note({a: 2}, 0));
  assert.ok(!members.note(undefined, 0));
  for (let n = 0; n < 300; ++n) members.note({[`m${n}`]: 1}, 1000 + 200 * n);
  assert.equal(members.paths.length, 100);
});

test('a tally counts by second and value, exactly, in bounded memory', () => {
  const tally = new Tally();
  for (let second = 1000; second < 1010; ++second) {
    tally.count('a', second);
    if (second % 2) tally.count(null, second);
  }
  const of = name => tally.values.find(series => series.name === name);
  assert.deepEqual([tally.all.total, of('a').total, of(null).total, tally.oldest], [15, 10, 5, 1000]);
  assert.deepEqual([tally.sum(of('a'), 1003, 1006), tally.sum(of(null), 0, 5000), tally.sum(tally.all, 1009, 1009)], [4, 5, 2]);

  tally.count('late', 1002);
  assert.equal(tally.sum(tally.all, 1002, 1002), 2);
  tally.advance(3000);
  assert.equal(tally.sum(tally.all, 0, 5000), 0, 'what is long ago is in no second');
  tally.count('a', 1000);
  assert.deepEqual([of('a').total, tally.sum(of('a'), 0, 5000)], [11, 0], 'but in the total');

  const other = new Tally(tally);
  assert.equal(other.oldest, 1000);
  other.count('b', 3001);
  assert.deepEqual([other.values.length, tally.values.length, tally.all.total], [1, 3, 17], 'the same events in other words');

  tally.advance(2000, 60);
  tally.count('a', 2000);
  assert.equal(tally.sum(of('a'), 1999, 2000), 1, 'a clock that was put back');
});

test('more values than there is room for are counted together', () => {
  const tally = new Tally();
  for (let n = 0; n < 2000; ++n) tally.count(`v${n}`, 1000);
  const sum = () => tally.values.reduce((n, series) => n + series.total, tally.rest.total);
  assert.deepEqual([tally.values.length, tally.rest.total, sum()], [500, 1500, 2000]);
  tally.count('later', 5000);
  assert.ok(tally.values.some(({name}) => name === 'later'), 'who was not seen for long makes room');
  assert.equal(sum(), 2001);
});

test('colours stay with who has them', () => {
  const palette = new Palette();
  const counts = Array.from({length: colours + 2}, (_, n) => ({name: `v${n}`, count: 100 - n}));
  palette.assign(counts);
  assert.deepEqual([palette.of('v0'), palette.of('v7'), palette.of('v8')], [0, 7, -1]);
  counts[8].count = 94;
  palette.assign(counts);
  assert.equal(palette.of('v8'), -1, 'a little more frequent takes no colour');
  counts[8].count = 200;
  palette.assign(counts);
  assert.deepEqual([palette.of('v8'), palette.of('v7')], [7, -1]);
  counts[0].count = 0;
  palette.assign(counts);
  assert.deepEqual([palette.of('v0'), palette.of('v7')], [-1, 0]);
  assert.equal(palette.of(null), -1);
});

test('bars are stacked, and what nothing explains is seen', () => {
  const narrow = layout(240, 1000, 300);
  assert.deepEqual([narrow.step, narrow.bars.length, narrow.bars.at(-1)], [5, 60, {from: 995, to: 999, seconds: 5}]);
  const odd = layout(240, 1003, 300);
  assert.deepEqual([odd.bars[0], odd.bars.at(-1)], [{from: 703, to: 704, seconds: 2}, {from: 1000, to: 1002, seconds: 3}]);
  assert.equal(odd.bars.reduce((sum, bar) => sum + bar.seconds, 0), 300);
  assert.equal(layout(700, 1000, 60).step, 1);
  for (const second of ticks(layout(700, 1000, 300))) assert.equal(second % 60, 0);

  const tally = new Tally();
  for (const name of ['a', 'a', 'b', 'c']) tally.count(name, 999);
  const partly = new Tally(tally);
  for (const name of ['a', 'a', 'b']) partly.count(name, 999);
  const of = name => partly.values.filter(series => series.name === name);
  const {bars} = layout(700, 1000, 60);
  assert.deepEqual(stack(partly, bars, [of('a'), of('b')], []).at(-1).counts, [2, 1, 1]);
  const hidden = stack(partly, bars, [[], of('b')], [of('a')]).at(-1);
  assert.deepEqual([hidden.counts, hidden.all], [[0, 1, 1], 4], 'what was switched off is not unknown');
});

const page = (udp, file) => `# HELP weir_received_messages_total x
# TYPE weir_received_messages_total counter
weir_received_messages_total{listener="udp",address="127.0.0.1:9000"} ${udp}
weir_received_bytes_total{listener="udp",address="127.0.0.1:9000"} ${udp * 10}
weir_refused_messages_total{listener="udp",address="127.0.0.1:9000",reason="oversize"} 2
weir_delivered_messages_total{sink="file",target="C:\\\\a \\"b\\".ndjson"} ${file}
weir_delivered_bytes_total{sink="file",target="C:\\\\a \\"b\\".ndjson"} ${file * 10}
weir_filtered_messages_total{sink="file",target="C:\\\\a \\"b\\".ndjson"} 3
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
  assert.equal(sink.filtered, 3);
  assert.equal(losses(books.listeners), 2);
  books.update(page(7, 7), 4000);
  assert.equal(books.received.points.length, 1, 'a program started anew is no negative rate');
  books.update(`${page(1, 1)}weir_received_messages_total{listener="http",address="127.0.0.1:1"} 0
weir_received_messages_total{listener="stats",address="127.0.0.1:2"} 0
weir_delivered_messages_total{sink="sse",target="127.0.0.1:1"} 0\n`, 4500);
  assert.deepEqual([books.listeners.size, books.takers.map(({kind}) => kind)], [3, ['udp']], 'a port that only gives takes no events');
  books.update('', 5000);
  assert.equal(books.listeners.size, 0);
});

test('recipes are made from real addresses', () => {
  assert.deepEqual(address('[::1]:9000', 'here'), {host: '::1', port: '9000'});
  assert.deepEqual(address('0.0.0.0:9000', 'box.example'), {host: 'box.example', port: '9000'});
  assert.deepEqual(address('[::]:9000', '[::1]'), {host: '::1', port: '9000'});
  assert.deepEqual(address('unix:/run/weir', 'here'), {path: '/run/weir'});
  assert.equal(recipe('udp', '127.0.0.1:9000', 'here'), `echo '{"hello":"weir"}' | nc -u -w1 127.0.0.1 9000`);
  assert.equal(recipe('http', '[::]:8080', '[::1]'), `curl -d '{"hello":"weir"}' http://[::1]:8080/`);
  assert.equal(recipe('tcp', 'unix:/run/weir', 'here'), `echo '{"hello":"weir"}' | nc -U -w1 /run/weir`);
  assert.equal(recipe('ws', '0.0.0.0:8080', 'here'), `echo '{"hello":"weir"}' | weir send ws://here:8080/`);
  assert.equal(recipe('zmq-sub', '127.0.0.1:9005', 'here'), null);
  assert.equal(recipe('udp', 'nonsense', 'here'), null);
});

test('the page tells of its own port first, then of one listener of each kind', () => {
  const flow = (kind, place) => ({kind, place});
  const listeners = [flow('udp', ':1'), flow('udp', ':2'), flow('ws', '0.0.0.0:80'), flow('http', '0.0.0.0:80'), flow('tcp', ':4'), flow('ws', ':5')];
  const page = {url: 'http://here/', port: '80', hostname: 'here', takesPost: true, token: null};
  const lines = recipes(listeners, page);
  assert.deepEqual(lines.map(([kind]) => kind), ['http', 'udp', 'tcp', 'ws']);
  assert.deepEqual([lines[0][1], lines[3][1]], [`curl -d '{"hello":"weir"}' http://here/`, `echo '{"hello":"weir"}' | weir send ws://here:5/`]);
  assert.deepEqual(recipes(listeners, {...page, takesPost: false}).map(([kind]) => kind), ['udp', 'tcp', 'ws', 'udp']);
  const [[, guarded]] = recipes([], {...page, url: 'https://here/a$b/', token: `it's`});
  assert.equal(guarded, `curl -H 'Authorization: Bearer it'\\''s' -d '{"hello":"weir"}' 'https://here/a$b/'`);
  assert.deepEqual(recipes([], {...page, takesPost: false}), []);
});

test('a stream that broke goes on where it was, or anew where it is another', () => {
  const event = seq => ({kind: 'text', seq}), gap = missed => ({kind: 'gap', missed});
  const at = new Position({last: 7});
  assert.deepEqual([at.ask(), at.numbered], [{last: 7}, false]);
  assert.equal(at.judge(event(4), 't4'), 'take');
  assert.deepEqual([at.ask(), at.numbered], [{since: 3}, true]);
  assert.equal(at.judge(event(4), 't4'), 'skip');
  assert.equal(at.judge(event(5), 't5'), 'take');

  // Of a gap after coming back, one event is here already.
  at.ask();
  const wide = gap(3);
  assert.deepEqual([at.judge(wide), wide.missed], ['take', 2]);
  assert.deepEqual(at.ask(), {since: 7}, 'behind a gap nobody knows the last event');
  assert.equal(at.judge(event(8), 't8'), 'take');
  at.ask();
  assert.equal(at.judge(gap(1)), 'skip');
  assert.deepEqual(at.ask(), {since: 7});

  // The same number, another event: weir was started anew and has come as far.
  assert.equal(at.judge(event(8), 'later'), 'anew');
  assert.deepEqual(at.ask(), {since: 0});
  assert.equal(at.judge(event(1), 'u1'), 'take');
  at.ask();
  assert.equal(at.judge({kind: 'restart'}), 'take');
  assert.equal(at.numbered, false);

  // A stream without numbers is only ever taken.
  const bare = new Position({last: 7});
  assert.deepEqual([bare.judge(event(0)), bare.judge(gap(2)), bare.ask()], ['take', 'take', {last: 7}]);
});
