using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>Calls as the generator makes them up: who sells what by which rules, what was bounded, and what may have been used in the end.</summary>
internal sealed record Case(ModelRates Model, PriceStack[] Upstream, PriceStack Own, UsageBound Bound, (Usage Usage, CallTerms Terms)[] Calls, (RunningCounts Least, RunningCounts At, RunningCounts Most) Counts)
{
    /// <summary>Null if the rules have too many digits together, which is an error of its own.</summary>
    public Offer? ToOffer()
    {
        try
        {
            return new Offer(Scenarios.Shop.VersionOf(new RateCard("upstream", "USD", [Model])), Model, Own, Upstream);
        }
        catch (RateCardException e) when (e.Message.Contains("too many digits together", StringComparison.Ordinal))
        {
            return null;
        }
    }

    public override string ToString() =>
        $"rates [{string.Join("; ", Model.Rates)}] × {string.Join(',', Model.TierMultipliers)} × {string.Join(',', Model.RegionMultipliers)}\n" +
        $"upstream {string.Join(" | ", Upstream.Select(Rules))}\nown {Rules(Own)}\n" +
        $"bound {string.Join(", ", Bound.Pools.Select(p => $"{p.Meters} ≤ {p.Most}"))} on {string.Join(", ", Bound.Terms)}\nused {string.Join("; or ", Calls)}\n" +
        $"counts {string.Join(", ", Cases.Counters.Select(c => $"{c} {Counts.Least[c]} ≤ {Counts.At[c]} ≤ {Counts.Most[c]}"))}";

    private static string Rules(PriceStack stack) => string.Join("; ", stack.Plans.SelectMany(p => p.Rules).Select(r => r.ToString()));
}
