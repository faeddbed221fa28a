// Stands in for weir before the page where a test must decide what the live stream says and when it breaks.

import {readFile} from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {WebSocketServer} from 'ws';

const folder = fileURLToPath(new URL('../../gateway/page', import.meta.url));
const types = {'.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml'};

/** {address, asked: the query of each stream that was opened, say(frame): to all, cut(): all streams, close()}; greet(query) → frames */
export async function serve(greet) {
  const server = http.createServer(async (request, response) => {
    const {pathname} = new URL(request.url, 'http://here');
    const name = pathname === '/' ? 'index.html' : path.basename(pathname);
    try {
      const content = await readFile(path.join(folder, name));
      response.writeHead(200, {'Content-Type': types[path.extname(name)]}).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  const asked = [];
  const streams = new WebSocketServer({server, path: '/live'});
  streams.on('connection', (socket, request) => {
    const query = new URL(request.url, 'http://here').searchParams;
    asked.push(query);
    for (const frame of greet(query)) socket.send(frame);
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    asked,
    say: frame => streams.clients.forEach(socket => socket.send(frame)),
    cut: () => streams.clients.forEach(socket => socket.terminate()),
    async close() {
      streams.clients.forEach(socket => socket.terminate());
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
}

/** A way to a weir that can be cut: {address, cut(): and nobody gets through, lead(to): to this weir from now on, close()} */
export async function proxy(to) {
  let target = new URL(to);
  const open = new Set();
  const server = net.createServer(client => {
    if (!target) {
      client.destroy();
      return;
    }
    const onward = net.connect(target.port, target.hostname);
    for (const [one, other] of [[client, onward], [onward, client]]) {
      open.add(one);
      one.on('error', () => {}).on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const cut = () => {
    target = null;
    open.forEach(socket => socket.destroy());
  };
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    cut,
    lead: to => { target = new URL(to); },
    async close() {
      cut();
      await new Promise(done => server.close(done));
    },
  };
}

export const envelope = (seq, time, topic, data, listener = 'udp') =>
  `{"seq":${seq},"time":"${new Date(time).toISOString()}","listener":"${listener}","topic":"${topic}","data":${data}}`;
