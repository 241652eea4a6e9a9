namespace Enforcer.SimulatedUpstream;

/// <summary>Draws plans from the options and their seed.</summary>
internal sealed class CallPlanner(UpstreamOptions options)
{
    private readonly Random _random = new(options.Seed);

    public CallPlan Next()
    {
        // One generator for all calls: which call gets which draw depends on their order, the draws themselves do not.
        lock (_random)
        {
            var output = _random.Next(options.LeastOutputTokens, options.MostOutputTokens + 1);
            return new CallPlan
            {
                OutputTokens = output,
                ReasoningTokens = output * options.ReasoningPercent / 100,
                CachedPercent = options.CachedPercent,
                CacheWritePercent = options.CacheWritePercent,
                CutAfterTokens = _random.Next(100) < options.CutPercent ? _random.Next(output + 1) : null,
                FailWithStatus = _random.Next(100) < options.ErrorPercent ? 500 : 0,
                LatencyMs = options.LatencyMs,
                TokensPerSecond = options.TokensPerSecond,
            };
        }
    }
}
