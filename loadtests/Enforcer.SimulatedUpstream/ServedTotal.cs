namespace Enforcer.SimulatedUpstream;

/// <summary>All calls together.</summary>
/// <param name="Calls">How many have ended.</param>
/// <param name="Input">Prompt tokens, neither read from a cache nor written to one.</param>
/// <param name="InputCached">Prompt tokens read from the cache.</param>
/// <param name="CacheWrite5m">Prompt tokens written to the cache of five minutes.</param>
/// <param name="CacheWrite1h">Prompt tokens written to the cache of an hour.</param>
/// <param name="Output">Generated tokens, reasoning not included.</param>
/// <param name="Reasoning">Reasoning tokens.</param>
/// <param name="WebSearches">Searches.</param>
public sealed record ServedTotal(
    long Calls, long Input, long InputCached, long CacheWrite5m, long CacheWrite1h, long Output, long Reasoning, long WebSearches)
{
    internal ServedTotal Plus(ServedCall call) => new(
        Calls + 1, Input + call.Input, InputCached + call.InputCached, CacheWrite5m + call.CacheWrite5m, CacheWrite1h + call.CacheWrite1h,
        Output + call.Output, Reasoning + call.Reasoning, WebSearches + call.WebSearches);
}
