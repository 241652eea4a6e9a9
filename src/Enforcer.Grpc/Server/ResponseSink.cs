using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Enforcer.Grpc;

/// <summary>Writes the response of a call.</summary>
internal sealed class ResponseSink(GrpcCall call) : IFrameSink
{
    private readonly PipeWriter _pipe = call.HttpContext.Response.BodyWriter;
    private readonly CancellationToken _cancellationToken = call.CancellationToken;

    public ValueTask SendAsync(ReadOnlyMemory<byte> frames)
    {
        var flush = _pipe.WriteAsync(frames, _cancellationToken);
        if (!flush.IsCompletedSuccessfully)
            return AwaitAsync(flush);
        Check(flush.Result);
        return default;
    }

    public ValueTask<Exception> ExplainAsync(Exception failure) => new(CallFailure.OfTransport(call, failure));

    private static async ValueTask AwaitAsync(ValueTask<FlushResult> flush) => Check(await flush.ConfigureAwait(false));

    private static void Check(FlushResult result)
    {
        if (result.IsCanceled || result.IsCompleted)
            throw new OperationCanceledException("The peer takes no more bytes.");
    }
}
