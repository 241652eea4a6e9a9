// A Node client of the probe service: node probe_client.js SCHEMA SCENARIO ADDRESS
'use strict';

const assert = require('node:assert/strict');
const grpc = require('@grpc/grpc-js');
const schema = require('./schema');

const [schemaFile, scenario, address] = process.argv.slice(2);
const services = schema.load(schemaFile);
const insecure = grpc.credentials.createInsecure();
const probe = new services.probe.v1.Probe(address, insecure, { 'grpc.max_receive_message_length': 4 * 1024 * 1024 });

const unary = (method, request, { metadata = new grpc.Metadata(), options = {}, client = probe } = {}) =>
  new Promise((resolve, reject) => {
    let trailers;
    client[method](request, metadata, options, (error, reply) => setImmediate(() => (error ? reject(error) : resolve({ reply, trailers }))))
      .on('status', (status) => { trailers = status.metadata; });
  });

const collect = (stream) => new Promise((resolve, reject) => {
  const all = [];
  stream.on('data', (message) => all.push(message)).on('error', reject).on('end', () => resolve(all));
});

const fails = async (promise, code) => {
  const error = await promise.then(() => assert.fail('the call succeeded'), (e) => e);
  assert.equal(error.code, code, `${error}`);
  return error;
};

const scenarios = {
  async unary() {
    const { reply } = await unary('Echo', { text: 'grüße', payload: Buffer.from([1, 2, 3]) });
    assert.equal(reply.text, 'grüße');
    assert.deepEqual([...reply.payload], [1, 2, 3]);
  },
  async concurrent() {
    const replies = await Promise.all(Array.from({ length: 300 }, (_, i) => unary('Echo', { text: `${i}` })));
    replies.forEach(({ reply }, i) => assert.equal(reply.text, `${i}`));
  },
  async server_stream() {
    const replies = await collect(probe.Count({ count: 1000, text: 'x' }));
    assert.deepEqual(replies.map((r) => r.number), Array.from({ length: 1000 }, (_, i) => i));
  },
  async duplex() {
    const call = probe.Chat();
    for (let i = 0; i < 100; i++) call.write({ text: `${i}`, payload: Buffer.alloc(20000) });
    call.end();
    const replies = await collect(call);
    assert.deepEqual(replies.map((r) => r.text), Array.from({ length: 100 }, (_, i) => `${i}`));
  },
  async stream_headers() {
    const call = probe.Chat();
    call.on('error', () => {});
    await new Promise((resolve) => call.on('metadata', resolve));
    call.cancel();
  },
  async deadline() {
    await fails(unary('Echo', { wait: true }, { options: { deadline: Date.now() + 300 } }), grpc.status.DEADLINE_EXCEEDED);
    await fails(collect(probe.Count({ count: 3, wait: true }, { deadline: Date.now() + 300 })), grpc.status.DEADLINE_EXCEEDED);
  },
  async cancel() {
    const call = probe.Count({ count: 1, wait: true });
    call.once('data', () => call.cancel());
    await fails(collect(call), grpc.status.CANCELLED);
  },
  async oversize_request() {
    await fails(unary('Echo', { payload: Buffer.alloc(1000000) }), grpc.status.RESOURCE_EXHAUSTED);
    assert.equal((await unary('Echo', { text: 'alive' })).reply.text, 'alive');
  },
  async oversize_stream() {
    const call = probe.Chat();
    call.on('error', () => {});
    call.write({ payload: Buffer.alloc(6000000) });
    await fails(collect(call), grpc.status.RESOURCE_EXHAUSTED);
    assert.equal((await unary('Echo', { text: 'alive' })).reply.text, 'alive');
  },
  async oversize_reply() {
    await fails(unary('Echo', { reply_bytes: 5000000 }), grpc.status.RESOURCE_EXHAUSTED);
    assert.equal((await unary('Echo', { text: 'alive' })).reply.text, 'alive');
  },
  async metadata() {
    const metadata = new grpc.Metadata();
    metadata.set('x-echo', 'a text, with a comma');
    metadata.set('x-echo-bin', Buffer.from([0, 1, 254, 255]));
    const { trailers } = await unary('Echo', {}, { metadata });
    assert.deepEqual(trailers.get('x-echo'), ['a text, with a comma']);
    assert.deepEqual([...trailers.get('x-echo-bin')[0]], [0, 1, 254, 255]);
  },
  async rich_status() {
    const error = await fails(unary('Echo', { fail: 8, rich: true, text: '50% fällt\n aus' }), grpc.status.RESOURCE_EXHAUSTED);
    assert.equal(error.details, '50% fällt\n aus');
    const status = schema.type(schemaFile, 'google.rpc.Status').decode(error.metadata.get('grpc-status-details-bin')[0]);
    assert.equal(status.code, 8);
    assert.deepEqual(status.details.map((d) => d.type_url), ['ErrorInfo', 'QuotaFailure', 'RetryInfo', 'BadRequest']
      .map((name) => `type.googleapis.com/google.rpc.${name}`));
    assert.equal(schema.type(schemaFile, 'google.rpc.ErrorInfo').decode(status.details[0].value).reason, 'PROBE');
  },
  async failure_after_messages() {
    const call = probe.Count({ count: 5, fail: 14, text: 'gone' });
    let got = 0;
    call.on('data', () => { got++; });
    await fails(collect(call), grpc.status.UNAVAILABLE);
    assert.equal(got, 5);
  },
  async crash() {
    const error = await fails(unary('Echo', { crash: true }), grpc.status.UNKNOWN);
    assert.ok(!error.details.includes('secret'));
  },
  async unknown_method() {
    const other = grpc.makeGenericClientConstructor({
      Nothing: { ...services.probe.v1.Probe.service.Echo, path: '/probe.v1.Probe/Nothing' },
    });
    const client = new other(address, insecure);
    await fails(unary('Nothing', {}, { client }), grpc.status.UNIMPLEMENTED);
    client.close();
  },
  async gzip() {
    const client = new services.probe.v1.Probe(address, insecure, { 'grpc.default_compression_algorithm': 2 });
    await fails(unary('Echo', { text: 'a'.repeat(5000) }, { client }), grpc.status.UNIMPLEMENTED);
    client.close();
  },
  async health() {
    const client = new services.grpc.health.v1.Health(address, insecure);
    assert.equal((await unary('Check', { service: '' }, { client })).reply.status, 1);
    await fails(unary('Check', { service: 'nobody' }, { client }), grpc.status.NOT_FOUND);
    // Loaded from descriptors, a map is a list of its entries.
    const { statuses } = (await unary('List', {}, { client })).reply;
    assert.deepEqual(statuses.map((entry) => [entry.key, entry.value.status]), [['', 1]]);
    const watch = client.Watch({ service: 'nobody' });
    watch.on('error', () => {});
    assert.equal((await new Promise((resolve) => watch.once('data', resolve))).status, 3);
    watch.cancel();
    client.close();
  },
  async reflection() {
    const client = new services.grpc.reflection.v1.ServerReflection(address, insecure);
    const call = client.ServerReflectionInfo();
    call.write({ list_services: '' });
    call.write({ file_containing_symbol: 'probe.v1.Probe' });
    call.end();
    const [list, file] = await collect(call);
    assert.ok(list.list_services_response.service.some((s) => s.name === 'probe.v1.Probe'));
    assert.ok(file.file_descriptor_response.file_descriptor_proto.length >= 1);
    client.close();
  },
};

scenarios[scenario]().then(
  () => { probe.close(); },
  (error) => { console.error(error); process.exit(1); });
