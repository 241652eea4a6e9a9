using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Enforcer.Grpc;

/// <summary>Reads the request of a call.</summary>
internal sealed class RequestSide(GrpcCall call) : IReadSide
{
    public CancellationToken CancellationToken { get; } = call.CancellationToken;

    public ValueTask<PipeReader> OpenAsync() => new(call.HttpContext.Request.BodyReader);

    public void End()
    {
    }

    public Exception Translate(Exception failure) => call.IsDeadlineExceeded
        ? CallFailure.DeadlineExceeded()
        : new GrpcStatusException(GrpcStatus.Cancelled, "the caller has gone.", failure);
}
