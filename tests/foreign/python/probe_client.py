"""A Python client of the probe service: probe_client.py SCHEMA SCENARIO ADDRESS"""

import sys
import threading

import grpc
from schema import Schema, fails

SCHEMA = Schema(sys.argv[1])
ADDRESS = sys.argv[3]
Request = SCHEMA.message("probe.v1.ProbeRequest")
CHANNEL = grpc.insecure_channel(ADDRESS)
PROBE = SCHEMA.stub(CHANNEL, "probe.v1.Probe")


def alive():
    assert PROBE.Echo(Request(text="alive"), timeout=10).text == "alive"


def unary():
    reply = PROBE.Echo(Request(text="grüße", payload=b"\1\2\3"))
    assert reply.text == "grüße" and reply.payload == b"\1\2\3"


def concurrent():
    calls = [PROBE.Echo.future(Request(text=str(i))) for i in range(300)]
    assert [call.result(30).text for call in calls] == [str(i) for i in range(300)]


def server_stream():
    assert [reply.number for reply in PROBE.Count(Request(count=1000, text="x"))] == list(range(1000))


def duplex():
    requests = (Request(text=str(i), payload=bytes(20000)) for i in range(100))
    assert [reply.text for reply in PROBE.Chat(requests)] == [str(i) for i in range(100)]


def stream_headers():
    never = threading.Event()
    call = PROBE.Chat(iter(lambda: never.wait(), None))
    assert call.initial_metadata() is not None
    call.cancel()
    never.set()


def deadline():
    fails(lambda: PROBE.Echo(Request(wait=True), timeout=0.3), grpc.StatusCode.DEADLINE_EXCEEDED)
    fails(lambda: list(PROBE.Count(Request(count=3, wait=True), timeout=0.3)), grpc.StatusCode.DEADLINE_EXCEEDED)


def cancel():
    call = PROBE.Count(Request(count=1, wait=True))
    next(call)
    call.cancel()
    fails(lambda: next(call), grpc.StatusCode.CANCELLED)


def oversize_request():
    fails(lambda: PROBE.Echo(Request(payload=bytes(1000000))), grpc.StatusCode.RESOURCE_EXHAUSTED)
    alive()


def oversize_stream():
    fails(lambda: list(PROBE.Chat(iter([Request(payload=bytes(6000000))]))), grpc.StatusCode.RESOURCE_EXHAUSTED)
    alive()


def oversize_reply():
    fails(lambda: PROBE.Echo(Request(reply_bytes=5000000)), grpc.StatusCode.RESOURCE_EXHAUSTED)
    alive()


def metadata():
    sent = (("x-echo", "a text, with a comma"), ("x-echo-bin", b"\0\1\xfe\xff"))
    _, call = PROBE.Echo.with_call(Request(), metadata=sent)
    trailers = dict(call.trailing_metadata())
    assert trailers["x-echo"] == "a text, with a comma" and trailers["x-echo-bin"] == b"\0\1\xfe\xff", trailers


def rich_status():
    error = fails(lambda: PROBE.Echo(Request(fail=8, rich=True, text="50% fällt\n aus")), grpc.StatusCode.RESOURCE_EXHAUSTED)
    assert error.details() == "50% fällt\n aus", error.details()
    status = SCHEMA.message("google.rpc.Status").FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    names = [detail.type_url.rsplit(".", 1)[1] for detail in status.details]
    assert names == ["ErrorInfo", "QuotaFailure", "RetryInfo", "BadRequest"], names
    assert SCHEMA.message("google.rpc.ErrorInfo").FromString(status.details[0].value).reason == "PROBE"


def failure_after_messages():
    got = []
    fails(lambda: got.extend(PROBE.Count(Request(count=5))) or [got.append(r) for r in PROBE.Count(Request(count=5, fail=14))],
          grpc.StatusCode.UNAVAILABLE)
    assert len(got) == 10, len(got)


def crash():
    assert "secret" not in fails(lambda: PROBE.Echo(Request(crash=True)), grpc.StatusCode.UNKNOWN).details()


def unknown_method():
    call = CHANNEL.unary_unary("/probe.v1.Probe/Nothing")
    fails(lambda: call(b""), grpc.StatusCode.UNIMPLEMENTED)


def gzip():
    fails(lambda: PROBE.Echo(Request(text="a" * 5000), compression=grpc.Compression.Gzip), grpc.StatusCode.UNIMPLEMENTED)


def health():
    stub = SCHEMA.stub(CHANNEL, "grpc.health.v1.Health")
    check = SCHEMA.message("grpc.health.v1.HealthCheckRequest")
    assert stub.Check(check()).status == 1
    fails(lambda: stub.Check(check(service="nobody")), grpc.StatusCode.NOT_FOUND)
    assert stub.List(SCHEMA.message("grpc.health.v1.HealthListRequest")()).statuses[""].status == 1
    watch = stub.Watch(check(service="nobody"))
    assert next(watch).status == 3
    watch.cancel()


def reflection():
    stub = SCHEMA.stub(CHANNEL, "grpc.reflection.v1.ServerReflection")
    ask = SCHEMA.message("grpc.reflection.v1.ServerReflectionRequest")
    listed, found = stub.ServerReflectionInfo(iter([ask(list_services=""), ask(file_containing_symbol="probe.v1.Probe")]))
    assert "probe.v1.Probe" in [service.name for service in listed.list_services_response.service]
    assert len(found.file_descriptor_response.file_descriptor_proto) >= 1


globals()[sys.argv[2]]()
CHANNEL.close()
