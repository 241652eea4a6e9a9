using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Enforcer.Grpc;

internal sealed class DuplexBinding<TRequest, TResponse>(
    GrpcMethodInfo info, Func<GrpcStreamReader<TRequest>, GrpcStreamWriter<TResponse>, GrpcCall, Task> handler)
    : MethodBinding(info)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly MessageParser<TRequest> _parser = (MessageParser<TRequest>)info.Descriptor.InputType.Parser;

    protected override async ValueTask HandleAsync(GrpcCall call)
    {
        LiftRequestLimits(call.HttpContext.Features);
        await StartStreamAsync(call).ConfigureAwait(false);
        var side = new RequestSide(call);
        var reader = new GrpcStreamReader<TRequest>(side, _parser, call.MaxReceiveBytes, GrpcStatus.InvalidArgument);
        var writer = new GrpcStreamWriter<TResponse>(new ResponseSink(call));
        using var guard = new StreamIdleGuard(call.Options, () => reader.Progress, side.End);
        using var stopping = call.Stopping.UnsafeRegister(static s => ((RequestSide)s!).End(CallFailure.ServerStops()), side);
        await RunStreamAsync(() => handler(reader, writer, call), writer).ConfigureAwait(false);
    }

    /// <summary>A stream may rest between messages and grow for ever: its bounds are the idle guard and the size of a message.</summary>
    private static void LiftRequestLimits(IFeatureCollection features)
    {
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }
}
