"""A Python client of the edge service: edge_client.py SCHEMA SCENARIO ADDRESS TOKEN ACCOUNT KEY"""

import os
import queue
import sys
import time

import grpc
from schema import Schema, fails

SCHEMA = Schema(sys.argv[1])
ADDRESS, TOKEN, ACCOUNT, KEY = sys.argv[3:7]
CHANNEL = grpc.insecure_channel(ADDRESS)
EDGE = SCHEMA.stub(CHANNEL, "enforcer.v1.Edge")
AUTH = (("authorization", "Bearer " + TOKEN),)


def message(name, **fields):
    return SCHEMA.message("enforcer.v1." + name)(**fields)


def new_id():
    """A UUIDv7: 48 bits of Unix milliseconds, then random bits."""
    random = bytearray(os.urandom(10))
    random[0] = 0x70 | (random[0] & 0x0F)
    random[2] = 0x80 | (random[2] & 0x3F)
    return int(time.time() * 1000).to_bytes(6, "big") + bytes(random)


def by_account():
    return message("AccountRef", account=ACCOUNT)


def reserve_request(nanos, account=None, **fields):
    return message("ReserveRequest", operation_id=new_id(), account=account or by_account(), amount_nanos=nanos, **fields)


def commit_request(reservation, nanos):
    return message(
        "CommitRequest", operation_id=new_id(), account=by_account(), reservation_id=reservation, amount_nanos=nanos, final=True)


def unary():
    reserve = reserve_request(1000, model="gpt-5.5")
    granted = EDGE.Reserve(reserve, metadata=AUTH)
    assert granted.refusal == 0 and granted.held_nanos == 1000, granted
    assert EDGE.Reserve(reserve, metadata=AUTH) == granted
    commit = EDGE.Commit(commit_request(reserve.operation_id, 400), metadata=AUTH)
    assert commit.refusal == 0 and commit.charged_nanos == 400, commit
    by_key = reserve_request(1000, message("AccountRef", key=KEY))
    assert EDGE.Reserve(by_key, metadata=AUTH).refusal == 0
    released = EDGE.Release(
        message("ReleaseRequest", operation_id=new_id(), account=by_account(), reservation_id=by_key.operation_id), metadata=AUTH)
    assert released.refusal == 0
    view = EDGE.Get(message("GetRequest", account=by_account(), reservation_id=reserve.operation_id), metadata=AUTH)
    assert view.reservation.committed_nanos == 400, view


def refusal():
    refused = EDGE.Reserve(reserve_request(1 << 50), metadata=AUTH)
    assert refused.refusal == 1 and refused.detail.limit == "life" and refused.detail.short_by > 0, refused


def session():
    commands = queue.Queue()
    outcomes = EDGE.Session(iter(commands.get, None), metadata=AUTH)
    reserves = [reserve_request(10) for _ in range(50)]
    batch = message("CommandBatch")
    for number, reserve in enumerate(reserves):
        batch.commands.append(message("Command", number=number, reserve=reserve))
        # The reservation's id is known before its answer: the commit can follow at once.
        batch.commands.append(message("Command", number=100 + number, commit=commit_request(reserve.operation_id, 7)))
    commands.put(batch)
    seen = {}
    for answer in outcomes:
        seen.update((outcome.number, outcome) for outcome in answer.outcomes)
        if len(seen) == 100:
            commands.put(None)
    assert len(seen) == 100 and all(outcome.refusal == 0 for outcome in seen.values())
    assert all(seen[100 + number].charged_nanos == 7 for number in range(50))


def deadline():
    fails(lambda: list(EDGE.Session(iter(queue.Queue().get, None), timeout=0.3, metadata=AUTH)), grpc.StatusCode.DEADLINE_EXCEEDED)


def cancel():
    never = queue.Queue()
    call = EDGE.Session(iter(never.get, None), metadata=AUTH)
    call.initial_metadata()
    call.cancel()
    fails(lambda: next(call), grpc.StatusCode.CANCELLED)
    never.put(None)
    unary()


def oversize():
    fails(lambda: EDGE.Reserve(reserve_request(1, model="x" * 100_000), metadata=AUTH), grpc.StatusCode.RESOURCE_EXHAUSTED)
    unary()


def malformed():
    error = fails(lambda: EDGE.Reserve(reserve_request(-5), metadata=AUTH), grpc.StatusCode.INVALID_ARGUMENT)
    assert "amount_nanos is -5" in error.details(), error.details()
    assert any(key == "grpc-status-details-bin" for key, _ in error.trailing_metadata())


def wrong_token():
    fails(lambda: EDGE.Reserve(reserve_request(1)), grpc.StatusCode.UNAUTHENTICATED)
    fails(lambda: EDGE.Reserve(reserve_request(1), metadata=(("authorization", "Bearer enf_edge_wrong"),)), grpc.StatusCode.UNAUTHENTICATED)


globals()[sys.argv[2]]()
CHANNEL.close()
print("ok")
