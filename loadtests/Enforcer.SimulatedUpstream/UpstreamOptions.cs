namespace Enforcer.SimulatedUpstream;

/// <summary>How the simulated upstream behaves. Percentages are drawn from a seed, so that a run can be repeated.</summary>
public sealed record UpstreamOptions
{
    /// <summary>Where it listens; port 0 for a free one.</summary>
    public string Listen { get; init; } = "127.0.0.1:7099";

    /// <summary>The secret that callers must present as a bearer token or x-api-key; empty for none.</summary>
    public string Secret { get; init; } = "";

    /// <summary>How long a call waits before its first byte, in ms.</summary>
    public int LatencyMs { get; init; }

    /// <summary>How fast a stream runs; 0 for as fast as it can be sent.</summary>
    public int TokensPerSecond { get; init; }

    /// <summary>How many tokens one event of a stream carries.</summary>
    public int TokensPerEvent { get; init; } = 1;

    /// <summary>The fewest tokens that a call would generate were it not limited.</summary>
    public int LeastOutputTokens { get; init; } = 20;

    /// <summary>The most tokens that a call would generate were it not limited.</summary>
    public int MostOutputTokens { get; init; } = 200;

    /// <summary>The share of each prompt that is read from the cache.</summary>
    public int CachedPercent { get; init; }

    /// <summary>The share of each prompt that is written to a cache of five minutes, and as much again to one of an hour; Anthropic only.</summary>
    public int CacheWritePercent { get; init; }

    /// <summary>The share of what is generated that is reasoning.</summary>
    public int ReasoningPercent { get; init; }

    /// <summary>Of a hundred calls, how many are cut off in the middle of their answer.</summary>
    public int CutPercent { get; init; }

    /// <summary>Of a hundred calls, how many fail with status 500 before anything is generated.</summary>
    public int ErrorPercent { get; init; }

    /// <summary>Decides every random draw.</summary>
    public int Seed { get; init; } = 1;
}
