namespace Enforcer.Grpc;

/// <summary>What one call brings along.</summary>
public readonly record struct GrpcCallOptions
{
    /// <summary>Metadata of this call, after the channel's own.</summary>
    public GrpcMetadata? Headers { get; init; }

    /// <summary>How long the call may take; null: without end. The server learns it too.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Cancels the call, here and at the server.</summary>
    public CancellationToken CancellationToken { get; init; }
}
