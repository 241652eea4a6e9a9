using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Enforcer.Grpc;

internal sealed class UnaryBinding<TRequest, TResponse>(GrpcMethodInfo info, Func<TRequest, GrpcCall, ValueTask<TResponse>> handler)
    : MethodBinding(info)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly MessageParser<TRequest> _parser = (MessageParser<TRequest>)info.Descriptor.InputType.Parser;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask HandleAsync(GrpcCall call)
    {
        var request = await RequestMessage.ReadAsync(call, _parser).ConfigureAwait(false);
        var answer = handler(request, call);
        if (!answer.IsCompleted)
            call.ArmDeadline();
        var response = await answer.ConfigureAwait(false);
        if (call.IsDeadlineExceeded)
            throw CallFailure.DeadlineExceeded();
        call.WriteHeaders();
        // Not flushed: headers, message and trailers leave together when the call ends.
        var writer = call.HttpContext.Response.BodyWriter;
        var bytes = Frame.HeaderBytes + response.CalculateSize();
        Frame.Write(response, writer.GetSpan(bytes)[..bytes]);
        writer.Advance(bytes);
    }
}
