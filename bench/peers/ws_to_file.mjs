// node ws_to_file.mjs FILE: every WebSocket message is a line of the file.
import { createServer } from 'node:http';
import { announce, ws } from './common.mjs';
import { LineFile } from './line_file.mjs';

const file = new LineFile(process.argv[2]);
const http = createServer();
new ws.WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', socket => {
  socket.on('message', message => file.add(message.latin1Slice()));
});
http.listen(0, '127.0.0.1', 1024, () => announce(http));
