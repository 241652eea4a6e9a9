using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Defaults;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;
using Enforcer.SimulatedUpstream;

namespace Enforcer.LoadTests.Gateway;

/// <summary>What served calls come to by the default rate card, computed from what the upstream says it served and from nothing else.</summary>
internal static class ServedPrices
{
    private static readonly PriceVersion Version = new(1, DateTimeOffset.UnixEpoch, DefaultRateCard.Read());
    private static readonly Offer Offer = new(Version, Version.Card.Find(Customer.Model)!, PriceStack.AtCost);

    public static long Of(ServedCall served)
    {
        var usage = Usage.Of(
            (UsageMeters.Input, served.Input), (UsageMeters.InputCached, served.InputCached), (UsageMeters.Output, served.Output),
            (UsageMeters.Reasoning, served.Reasoning), (UsageMeters.Requests, 1));
        return Offer.Amounts(usage, CallTerms.Standard, RunningCounts.None).PriceNanos;
    }

    /// <summary>The most that a call with this prompt and so much output can come to.</summary>
    public static long BoundOf(long promptTokens, long outputTokens) => Offer.Bound(UsageBound.OfText(promptTokens, outputTokens), CountRange.Unknown).PriceNanos;
}
