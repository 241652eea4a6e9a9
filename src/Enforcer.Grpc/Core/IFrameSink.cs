namespace Enforcer.Grpc;

/// <summary>Where the frames of a <see cref="GrpcStreamWriter{T}"/> go: a server's response or a client's request.</summary>
internal interface IFrameSink
{
    /// <summary>Hands whole frames to the transport and flushes. The memory is the caller's again when this completes.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> frames);

    /// <summary>What a failed send means: the peer's own words, where it has ended the call.</summary>
    ValueTask<Exception> ExplainAsync(Exception failure);
}
