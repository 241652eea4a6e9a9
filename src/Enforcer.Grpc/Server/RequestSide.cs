using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Enforcer.Grpc;

/// <summary>The request stream of a duplex call.</summary>
internal sealed class RequestSide(GrpcCall call) : IReadSide
{
    private readonly PipeReader _pipe = call.HttpContext.Request.BodyReader;
    private volatile GrpcStatusException? _ended;

    public CancellationToken CancellationToken { get; } = call.CancellationToken;

    public ValueTask<PipeReader> OpenAsync() => new(_pipe);

    /// <summary>Ends the wait for the next message, now or when it comes to that, with <paramref name="reason"/>.</summary>
    public void End(GrpcStatusException reason)
    {
        _ended = reason;
        try
        {
            _pipe.CancelPendingRead();
        }
        catch (IOException)
        {
            // The stream broke before: whoever reads from it is told so. This runs where a server is told to stop, which must not fail for a caller who has gone.
        }
    }

    public void End()
    {
    }

    public Exception Fail(Exception failure) => _ended ?? CallFailure.OfTransport(call, failure);
}
