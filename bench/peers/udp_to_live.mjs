// node udp_to_live.mjs: every datagram is a text frame to every WebSocket client. The first line names
// the port of the clients, the second that of the datagrams.
import { createServer } from 'node:http';
import { createSocket } from 'node:dgram';
import { announce, ws } from './common.mjs';

const http = createServer();
const live = new ws.WebSocketServer({ server: http, perMessageDeflate: false });
const udp = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
udp.on('message', event => {
  for (const client of live.clients) client.send(event, { binary: false });
});
http.listen(0, '127.0.0.1', 4096, () => {
  announce(http);
  udp.bind(0, '127.0.0.1', () => console.log(`listening on ${udp.address().port}`));
});
