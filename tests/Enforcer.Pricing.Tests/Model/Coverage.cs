using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>Counts what made-up calls have exercised, so that a generator that came to leave something out fails its test.</summary>
internal sealed class Coverage
{
    private readonly Dictionary<string, int> _counts = [];

    public void Add(Case one, Offer offer, Usage usage, CallTerms terms)
    {
        Note("priced", true);
        Note("in a long-context tier", one.Model.Rates.Any(rate => rate.AbovePromptTokens > 0 && rate.AbovePromptTokens < usage.PromptTokens));
        Note("in batch", terms.Tier == ServiceTier.Batch);
        Note("in a dearer tier", terms.Tier is ServiceTier.Priority or ServiceTier.Fast);
        Note("in a region with a multiplier", terms.Region == "eu");
        Note("read from a cache", usage[UsageMeters.InputCached] > 0);
        Note("written to a cache", usage[UsageMeters.CacheWrite5m] + usage[UsageMeters.CacheWrite1h] > 0);
        Note("with searches", usage[UsageMeters.WebSearch] + usage[UsageMeters.WebSearchHigh] > 0);
        Note("with reasoning", usage[UsageMeters.Reasoning] > 0);
        Note("resold", one.Upstream.Length > 0);
        Note("by running counts", offer.Counters.Count > 0);
    }

    public void Require(string what, int atLeast) =>
        Assert.True(_counts.GetValueOrDefault(what) >= atLeast, $"{_counts.GetValueOrDefault(what)} calls were {what}, at least {atLeast} should be: {string.Join(", ", _counts)}");

    public void RequireEverySort(int atLeast)
    {
        foreach (var what in _counts.Keys) Require(what, atLeast);
    }

    private void Note(string what, bool isSo) => _counts[what] = _counts.GetValueOrDefault(what) + (isSo ? 1 : 0);
}
