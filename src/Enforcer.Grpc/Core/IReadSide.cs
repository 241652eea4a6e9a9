using System.IO.Pipelines;

namespace Enforcer.Grpc;

/// <summary>Where the frames of a <see cref="GrpcStreamReader{T}"/> come from: a server's request or a client's response.</summary>
internal interface IReadSide
{
    /// <summary>Ends every read of the call.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>The bytes; waits for the response headers on a client.</summary>
    ValueTask<PipeReader> OpenAsync();

    /// <summary>Called once after the last frame. Throws if the call did not end well.</summary>
    void End();

    /// <summary>Called when a read failed, after which nothing more is read. What the failure means.</summary>
    Exception Fail(Exception failure);
}
