namespace Enforcer.SimulatedUpstream;

/// <summary>What one call was really served. Meters are disjoint: a cached token is not counted as input too.</summary>
/// <param name="Id">The id in the answer.</param>
/// <param name="Path">The path that was called.</param>
/// <param name="Model">The model that was asked for.</param>
/// <param name="Status">The status of the answer; of a stream that was cut, 200.</param>
/// <param name="Input">Prompt tokens, neither read from a cache nor written to one.</param>
/// <param name="InputCached">Prompt tokens read from the cache.</param>
/// <param name="CacheWrite5m">Prompt tokens written to the cache of five minutes.</param>
/// <param name="CacheWrite1h">Prompt tokens written to the cache of an hour.</param>
/// <param name="Output">Generated tokens, reasoning not included.</param>
/// <param name="Reasoning">Reasoning tokens.</param>
/// <param name="WebSearches">Searches.</param>
/// <param name="IsWhole">The answer was sent to its end, usage included.</param>
public sealed record ServedCall(
    string Id, string Path, string Model, int Status, long Input, long InputCached, long CacheWrite5m, long CacheWrite1h,
    long Output, long Reasoning, long WebSearches, bool IsWhole);
