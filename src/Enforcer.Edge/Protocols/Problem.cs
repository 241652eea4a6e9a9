using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Protocols;

/// <summary>An answer of the edge's own.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Message">The fact, and the way out.</param>
internal sealed record Problem(ProblemKind Kind, string Message)
{
    /// <summary>The field of the request that it is about, if it is one.</summary>
    public string? Field { get; init; }

    /// <summary>When to try again; null if time does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the official SDKs are told to do about it; null leaves it to them.</summary>
    public bool? ShouldRetry { get; init; }

    /// <summary>How the account's rates stand, if that is known.</summary>
    public RateStanding? Rates { get; init; }
}
