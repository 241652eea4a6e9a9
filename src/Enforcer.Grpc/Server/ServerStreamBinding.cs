using Google.Protobuf;

namespace Enforcer.Grpc;

internal sealed class ServerStreamBinding<TRequest, TResponse>(
    GrpcMethodInfo info, Func<TRequest, GrpcStreamWriter<TResponse>, GrpcCall, Task> handler)
    : MethodBinding(info)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly MessageParser<TRequest> _parser = (MessageParser<TRequest>)info.Descriptor.InputType.Parser;

    protected override async ValueTask HandleAsync(GrpcCall call)
    {
        var request = await RequestMessage.ReadAsync(call, _parser).ConfigureAwait(false);
        await StartStreamAsync(call).ConfigureAwait(false);
        var writer = new GrpcStreamWriter<TResponse>(new ResponseSink(call));
        await RunStreamAsync(() => handler(request, writer, call), writer).ConfigureAwait(false);
    }
}
