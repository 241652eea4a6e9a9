using Google.Protobuf;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Enforcer.Grpc;

internal sealed class DuplexBinding<TRequest, TResponse>(
    GrpcMethodInfo info, Func<GrpcStreamReader<TRequest>, GrpcStreamWriter<TResponse>, GrpcCall, Task> handler)
    : MethodBinding(info)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly MessageParser<TRequest> _parser = (MessageParser<TRequest>)info.Descriptor.InputType.Parser;

    protected override async Task HandleAsync(GrpcCall call)
    {
        // A stream may rest between messages, which a least rate of bytes forbids.
        if (call.HttpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        if (call.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        await StartStreamAsync(call).ConfigureAwait(false);
        var reader = new GrpcStreamReader<TRequest>(new RequestSide(call), _parser, call.MaxReceiveBytes, GrpcStatus.InvalidArgument);
        var writer = new GrpcStreamWriter<TResponse>(new ResponseSink(call));
        await handler(reader, writer, call).ConfigureAwait(false);
        await writer.CloseAsync().ConfigureAwait(false);
    }
}
