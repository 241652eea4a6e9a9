"""A Python server of the probe service: probe_server.py SCHEMA; writes its port."""

import sys
import threading
from concurrent import futures

import grpc
from schema import Schema

SCHEMA = Schema(sys.argv[1])
Reply = SCHEMA.message("probe.v1.ProbeReply")
CODES = {code.value[0]: code for code in grpc.StatusCode}
CANCELLED = []


def reply(request, number):
    payload = bytes(request.reply_bytes) if request.reply_bytes > 0 else request.payload
    return Reply(text=request.text, number=number, payload=payload)


def begin(context):
    trailers = [pair for pair in context.invocation_metadata() if pair[0] in ("x-echo", "x-echo-bin")]
    context.set_trailing_metadata(trailers)
    return trailers


def wait(context):
    ended = threading.Event()
    if context.add_callback(ended.set):
        ended.wait()
    CANCELLED.append(1)


def end(request, context, trailers):
    if request.wait:
        wait(context)
    if not request.fail:
        return
    if request.rich:
        status = SCHEMA.message("google.rpc.Status")(code=request.fail, message=request.text)
        info = SCHEMA.message("google.rpc.ErrorInfo")(reason="PROBE", domain="probe.test")
        status.details.add(type_url="type.googleapis.com/google.rpc.ErrorInfo", value=info.SerializeToString())
        context.set_trailing_metadata(trailers + [("grpc-status-details-bin", status.SerializeToString())])
    context.abort(CODES[request.fail], request.text)


class Probe:
    def Echo(self, request, context):
        if request.text == "cancelled?":
            return Reply(number=len(CANCELLED))
        end(request, context, begin(context))
        return reply(request, 0)

    def Count(self, request, context):
        trailers = begin(context)
        for number in range(request.count):
            yield reply(request, number)
        end(request, context, trailers)

    def Chat(self, requests, context):
        trailers = begin(context)
        context.send_initial_metadata(())
        # A cancelled caller's requests may just end, as if all had been sent, before grpcio hears that it was cancelled: only the call's own state tells.
        context.add_callback(lambda: context._state.client == "cancelled" and CANCELLED.append(1))
        for number, request in enumerate(requests):
            if not request.wait:
                end(request, context, trailers)
                yield reply(request, number)


class Health:
    def Check(self, request, context):
        return SCHEMA.message("grpc.health.v1.HealthCheckResponse")(status=1)

    def List(self, request, context):
        return SCHEMA.message("grpc.health.v1.HealthListResponse")()

    def Watch(self, request, context):
        yield SCHEMA.message("grpc.health.v1.HealthCheckResponse")(status=1)


server = grpc.server(futures.ThreadPoolExecutor(32), options=[("grpc.max_receive_message_length", 64 * 1024)])
server.add_generic_rpc_handlers((SCHEMA.handler("probe.v1.Probe", Probe()), SCHEMA.handler("grpc.health.v1.Health", Health())))
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
