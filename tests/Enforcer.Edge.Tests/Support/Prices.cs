using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Defaults;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;
using Enforcer.SimulatedUpstream;

namespace Enforcer.Edge.Tests.Support;

/// <summary>What served calls cost by the default rate card, computed here from what the upstream says it served.</summary>
internal static class Prices
{
    private static readonly PriceVersion Version = new(1, DateTimeOffset.UnixEpoch, DefaultRateCard.Read());

    public static long Of(ServedCall served) => Of(served.Model, Usage.Of(
        (UsageMeters.Input, served.Input), (UsageMeters.InputCached, served.InputCached), (UsageMeters.CacheWrite5m, served.CacheWrite5m),
        (UsageMeters.CacheWrite1h, served.CacheWrite1h), (UsageMeters.Output, served.Output), (UsageMeters.Reasoning, served.Reasoning),
        (UsageMeters.WebSearch, served.WebSearches), (UsageMeters.Requests, 1)));

    public static long Of(IEnumerable<ServedCall> served) => served.Sum(Of);

    public static long Of(string model, Usage usage) =>
        new Offer(Version, Version.Card.Find(model)!, PriceStack.AtCost).Amounts(usage, CallTerms.Standard, RunningCounts.None).PriceNanos;
}
