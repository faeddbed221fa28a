// node grpc_to_file.mjs FILE: npm's grpc-js serves weir.v1.Ingest; every event is a line of the file.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { LineFile } from './line_file.mjs';

const require = createRequire(new URL('../../test/e2e/package.json', import.meta.url));
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const proto = fileURLToPath(new URL('../../proto/weir/v1/ingest.proto', import.meta.url));
const { weir: { v1: { Ingest } } } = grpc.loadPackageDefinition(loader.loadSync(proto));

const file = new LineFile(process.argv[2]);
const server = new grpc.Server();
server.addService(Ingest.service, {
  publish(call, answer) {
    file.add(call.request.data.latin1Slice());
    answer(null, {});
  },
  publishStream(call, answer) {
    let accepted = 0;
    call.on('data', event => {
      file.add(event.data.latin1Slice());
      ++accepted;
    });
    call.on('end', () => answer(null, { accepted, refused: 0 }));
  },
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (fault, port) => {
  if (fault) throw fault;
  console.log(`listening on ${port}`);
});
process.on('SIGTERM', () => process.exit(0));
