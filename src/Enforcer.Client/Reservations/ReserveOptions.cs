namespace Enforcer.Client;

/// <summary>What a reservation may say besides its account and amount.</summary>
public sealed record ReserveOptions
{
    /// <summary>A smaller hold is acceptable, down to this many nanos (1 to the amount); 0: all or nothing.</summary>
    public long AtLeastNanos { get; init; }

    /// <summary>The most tokens the call can use, for token rates; 0: none are metered.</summary>
    public long Tokens { get; init; }

    /// <summary>Fewer tokens are acceptable, down to this many (1 to <see cref="Tokens"/>); 0: all or nothing.</summary>
    public long AtLeastTokens { get; init; }

    /// <summary>The model asked for; at most 128 bytes. Selects limits with a model pattern.</summary>
    public string? Model { get; init; }

    /// <summary>A free tag; at most 64 bytes. Selects limits with a tag.</summary>
    public string? Tag { get; init; }

    /// <summary>How long the reservation lives without an extend: 1 ms to 24 h; null: <see cref="EnforcerClientOptions.DefaultTtl"/>.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>What disposing without a commit does; null: <see cref="EnforcerClientOptions.OnDispose"/>.</summary>
    public DisposePolicy? OnDispose { get; init; }
}
