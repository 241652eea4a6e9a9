namespace Enforcer.SimulatedUpstream;

/// <summary>What one call is going to do.</summary>
public sealed record CallPlan
{
    /// <summary>Tokens generated, reasoning included, unless the request's own limit is lower.</summary>
    public int OutputTokens { get; init; }

    /// <summary>Of these, reasoning tokens.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Web searches made.</summary>
    public int WebSearches { get; init; }

    /// <summary>Percent of the prompt read from the cache.</summary>
    public int CachedPercent { get; init; }

    /// <summary>Percent of the prompt written to each of the two caches.</summary>
    public int CacheWritePercent { get; init; }

    /// <summary>The connection is cut after so many visible tokens; null for never.</summary>
    public int? CutAfterTokens { get; init; }

    /// <summary>The answer is this failure; 0 for none.</summary>
    public int FailWithStatus { get; init; }

    /// <summary>The answer ends in good order, but without usage.</summary>
    public bool HidesUsage { get; init; }

    /// <summary>Generates on and on, whatever limit the request has.</summary>
    public bool IgnoresLimit { get; init; }

    /// <summary>The tier that the answer names; null for none.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Before the first byte, in ms.</summary>
    public int LatencyMs { get; init; }

    /// <summary>Tokens per second; 0 for as fast as it can be sent.</summary>
    public int TokensPerSecond { get; init; }
}
