// node http_to_file.mjs FILE: every POST is a line of the file and answered with 204.
import { createServer } from 'node:http';
import { announce } from './common.mjs';
import { LineFile } from './line_file.mjs';

const file = new LineFile(process.argv[2]);
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('latin1');
  request.on('data', part => { body += part; });
  request.on('end', () => {
    file.add(body);
    response.writeHead(204).end();
  });
});
server.listen(0, '127.0.0.1', 1024, () => announce(server));
