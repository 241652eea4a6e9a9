"""Messages and methods from a file with a FileDescriptorSet, and how a call fails."""

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


class Schema:
    def __init__(self, file):
        files = descriptor_pb2.FileDescriptorSet()
        with open(file, "rb") as source:
            files.ParseFromString(source.read())
        self.pool = descriptor_pool.DescriptorPool()
        for one in files.file:
            self.pool.Add(one)
        self.factory = message_factory.MessageFactory(self.pool)

    def message(self, name):
        """The class of a message by its full name."""
        return self.factory.GetPrototype(self.pool.FindMessageTypeByName(name))

    def stub(self, channel, service):
        """An object with a callable for each method of a service."""
        stub = type(service, (), {})()
        for method in self.pool.FindServiceByName(service).methods:
            open_method = getattr(channel, _kind(method))
            setattr(stub, method.name, open_method(
                f"/{service}/{method.name}",
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=self.message(method.output_type.full_name).FromString))
        return stub

    def handler(self, service, implementation):
        """A handler of a service for grpc.Server.add_generic_rpc_handlers."""
        handlers = {}
        for method in self.pool.FindServiceByName(service).methods:
            make = getattr(grpc, _kind(method) + "_rpc_method_handler")
            handlers[method.name] = make(
                getattr(implementation, method.name),
                request_deserializer=self.message(method.input_type.full_name).FromString,
                response_serializer=lambda message: message.SerializeToString())
        return grpc.method_handlers_generic_handler(service, handlers)


def fails(call, code):
    """The error of a call that must fail with this status."""
    try:
        call()
    except grpc.RpcError as error:
        assert error.code() == code, error
        return error
    raise AssertionError("the call succeeded")


def _kind(method):
    streams = descriptor_pb2.MethodDescriptorProto()
    method.CopyToProto(streams)
    return ("stream" if streams.client_streaming else "unary") + "_" + ("stream" if streams.server_streaming else "unary")
