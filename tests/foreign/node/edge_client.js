// A Node client of the edge service: node edge_client.js SCHEMA SCENARIO ADDRESS TOKEN ACCOUNT KEY
'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const grpc = require('@grpc/grpc-js');
const schema = require('./schema');

const [schemaFile, scenario, address, token, accountId, key] = process.argv.slice(2);
const services = schema.load(schemaFile);
const edge = new services.enforcer.v1.Edge(address, grpc.credentials.createInsecure());
const account = { account: accountId };

const metadata = (bearer) => {
  const made = new grpc.Metadata();
  if (bearer) made.set('authorization', `Bearer ${bearer}`);
  return made;
};

const unary = (method, request, bearer = token) => new Promise((resolve, reject) => {
  edge[method](request, metadata(bearer), (error, reply) => (error ? reject(error) : resolve(reply)));
});

const fails = async (promise, code) => {
  const error = await promise.then(() => assert.fail('the call succeeded'), (e) => e);
  assert.equal(error.code, code, `${error}`);
  return error;
};

// A UUIDv7: 48 bits of Unix milliseconds, then random bits.
const newId = () => {
  const id = crypto.randomBytes(16);
  id.writeUIntBE(Date.now(), 0, 6);
  id[6] = 0x70 | (id[6] & 0x0f);
  id[8] = 0x80 | (id[8] & 0x3f);
  return id;
};

const reserveRequest = (nanos, more = {}) => ({ operation_id: newId(), account, amount_nanos: nanos, ...more });
const commitRequest = (reservation, nanos) => ({ operation_id: newId(), account, reservation_id: reservation, amount_nanos: nanos, final: true });

const scenarios = {
  async unary() {
    const reserve = reserveRequest(1000, { model: 'gpt-5.5' });
    const granted = await unary('Reserve', reserve);
    assert.equal(granted.refusal, 0);
    assert.equal(granted.held_nanos, 1000);
    assert.deepEqual(await unary('Reserve', reserve), granted);
    assert.equal((await unary('Commit', commitRequest(reserve.operation_id, 400))).charged_nanos, 400);
    const byKey = reserveRequest(1000, { account: { key } });
    assert.equal((await unary('Reserve', byKey)).refusal, 0);
    assert.equal((await unary('Release', { operation_id: newId(), account, reservation_id: byKey.operation_id })).refusal, 0);
    const view = await unary('Get', { account, reservation_id: reserve.operation_id });
    assert.equal(view.reservation.committed_nanos, 400);
  },
  async refusal() {
    const refused = await unary('Reserve', reserveRequest(2 ** 50));
    assert.equal(refused.refusal, 1);
    assert.equal(refused.detail.limit, 'life');
  },
  async session() {
    const call = edge.Session(metadata(token));
    const reserves = Array.from({ length: 50 }, () => reserveRequest(10));
    // The reservation's id is known before its answer: the commit can follow at once.
    call.write({
      commands: reserves.flatMap((reserve, i) => [
        { number: i, reserve },
        { number: 100 + i, commit: commitRequest(reserve.operation_id, 7) },
      ]),
    });
    const seen = new Map();
    await new Promise((resolve, reject) => {
      call.on('data', ({ outcomes }) => {
        for (const outcome of outcomes) seen.set(Number(outcome.number), outcome);
        if (seen.size === 100) call.end();
      }).on('error', reject).on('end', resolve);
    });
    assert.equal(seen.size, 100);
    for (const outcome of seen.values()) assert.equal(outcome.refusal, 0);
    assert.equal(seen.get(149).charged_nanos, 7);
  },
  async deadline() {
    const call = edge.Session(metadata(token), { deadline: Date.now() + 300 });
    await fails(new Promise((resolve, reject) => call.on('data', () => {}).on('error', reject).on('end', resolve)), grpc.status.DEADLINE_EXCEEDED);
  },
  async cancel() {
    const call = edge.Session(metadata(token));
    const ended = new Promise((resolve, reject) => call.on('data', () => {}).on('error', reject).on('end', resolve));
    call.on('metadata', () => call.cancel());
    await fails(ended, grpc.status.CANCELLED);
    await scenarios.unary();
  },
  async oversize() {
    await fails(unary('Reserve', reserveRequest(1, { model: 'x'.repeat(100_000) })), grpc.status.RESOURCE_EXHAUSTED);
    await scenarios.unary();
  },
  async malformed() {
    const error = await fails(unary('Reserve', reserveRequest(-5)), grpc.status.INVALID_ARGUMENT);
    assert.match(error.details, /amount_nanos is -5/);
    assert.equal(error.metadata.get('grpc-status-details-bin').length, 1);
  },
  async wrong_token() {
    await fails(unary('Reserve', reserveRequest(1), null), grpc.status.UNAUTHENTICATED);
    await fails(unary('Reserve', reserveRequest(1), 'enf_edge_wrong'), grpc.status.UNAUTHENTICATED);
  },
};

scenarios[scenario]().then(() => { edge.close(); console.log('ok'); }, (error) => { console.error(error); process.exit(1); });
