// A Node server of the probe service: node probe_server.js SCHEMA; writes its port.
'use strict';

const grpc = require('@grpc/grpc-js');
const schema = require('./schema');

const [schemaFile] = process.argv.slice(2);
const services = schema.load(schemaFile);
let cancelled = 0;

const reply = (request, number) => ({
  text: request.text,
  number,
  payload: request.reply_bytes > 0 ? Buffer.alloc(request.reply_bytes) : request.payload,
});

const trailers = (call) => {
  const back = new grpc.Metadata();
  for (const key of ['x-echo', 'x-echo-bin']) {
    for (const value of call.metadata.get(key)) back.add(key, value);
  }
  return back;
};

const failure = (request, metadata) => {
  if (request.rich) {
    const Status = schema.type(schemaFile, 'google.rpc.Status');
    const ErrorInfo = schema.type(schemaFile, 'google.rpc.ErrorInfo');
    const value = ErrorInfo.encode({ reason: 'PROBE', domain: 'probe.test' }).finish();
    const status = { code: request.fail, message: request.text, details: [{ type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value }] };
    metadata.set('grpc-status-details-bin', Buffer.from(Status.encode(status).finish()));
  }
  return { code: request.fail, details: request.text, metadata };
};

const probe = {
  Echo(call, callback) {
    const { request } = call;
    if (request.text === 'cancelled?') return callback(null, { number: cancelled });
    if (request.wait) return call.on('cancelled', () => { cancelled++; });
    const metadata = trailers(call);
    if (request.fail) return callback(failure(request, metadata));
    return callback(null, reply(request, 0), metadata);
  },
  Count(call) {
    const { request } = call;
    const metadata = trailers(call);
    for (let i = 0; i < request.count; i++) call.write(reply(request, i));
    if (request.wait) call.on('cancelled', () => { cancelled++; });
    else if (request.fail) call.emit('error', failure(request, metadata));
    else call.end(metadata);
  },
  Chat(call) {
    const metadata = trailers(call);
    let number = 0;
    call.sendMetadata(new grpc.Metadata());
    call.on('cancelled', () => { cancelled++; });
    call.on('data', (request) => {
      if (request.fail) call.emit('error', failure(request, metadata));
      else if (!request.wait) call.write(reply(request, number++));
    });
    call.on('end', () => call.end(metadata));
  },
};

const server = new grpc.Server({ 'grpc.max_receive_message_length': 64 * 1024 });
server.addService(services.probe.v1.Probe.service, probe);
server.addService(services.grpc.health.v1.Health.service, {
  Check: (call, callback) => callback(null, { status: 1 }),
  List: (call, callback) => callback(null, { statuses: {} }),
  Watch: (call) => call.write({ status: 1 }),
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
