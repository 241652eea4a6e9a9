using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>What is held for a call is never less than what the call comes to, whatever the rules; and it is not much more than need be.</summary>
public sealed class BoundProperties
{
    [Fact]
    public void No_usage_within_a_bound_costs_more_than_the_bound() => Properties.Holds(Cases.All, one =>
    {
        if (one.ToOffer() is not { } offer) return;
        foreach (var range in new[] { CountRange.Unknown, CountRange.Between(one.Counts.Least, one.Counts.Most), CountRange.Exactly(one.Counts.At) })
        {
            var bound = offer.Bound(one.Bound, range);
            foreach (var (usage, terms) in one.Calls)
            {
                Assert.True(one.Bound.Contains(usage));
                var sold = offer.Amounts(usage, terms, one.Counts.At);
                Assert.True(sold.PriceNanos <= bound.PriceNanos, $"price {sold.PriceNanos} is above {bound.PriceNanos}");
                Assert.True(sold.CostNanos <= bound.CostNanos, $"cost {sold.CostNanos} is above {bound.CostNanos}");
                Assert.True(!sold.HasUnpriced || !bound.IsComplete);
            }
        }
    },
    runs: 10_000 / Cases.UsagesPerCase);

    /// <summary>Without running counts some usage reaches the bound, but for the nanos that are kept for rounding.</summary>
    [Fact]
    public void Some_usage_within_a_bound_reaches_it() => Properties.Holds(Cases.All.Where(one => !HasCounts(one)), one =>
    {
        if (one.ToOffer() is not { } offer) return;
        var bound = offer.Bound(one.Bound, CountRange.Unknown);
        var most = Corners(one.Bound).Max(usage => one.Bound.Terms.Max(terms => offer.Amounts(usage, terms, RunningCounts.None).PriceNanos));
        if (offer.PriceTariff(CallTerms.Standard).Tiers.Count == 1) Assert.InRange(bound.PriceNanos - most, 0, 200);
    },
    runs: 300);

    [Fact]
    public void The_output_that_fits_is_the_most_that_fits() => Properties.Holds(
        from one in Cases.All
        from headroom in Gen.OneOf(Gen.Choose(0, 2_000_000_000).Select(n => (long)n), Gen.Choose(0, 2_000_000_000).Select(n => n * 1_000L))
        from atMost in Cases.Quantity
        select (one, headroom, atMost),
        story =>
        {
            var (one, headroom, atMost) = story;
            if (one.ToOffer() is not { } offer) return;
            var range = CountRange.Between(one.Counts.Least, one.Counts.Most);
            var fit = offer.FitOutput(one.Bound, range, headroom, atMost);
            if (fit.MaxTokens is not { } tokens)
            {
                Assert.Equal(offer.Bound(one.Bound.WithOutput(0), range).PriceNanos, headroom + fit.MissingNanos);
                return;
            }
            Assert.Equal(offer.Bound(one.Bound.WithOutput(tokens), range).PriceNanos, fit.BoundNanos);
            Assert.True(fit.BoundNanos <= headroom);
            Assert.True(tokens == atMost || offer.Bound(one.Bound.WithOutput(tokens + 1), range).PriceNanos > headroom);
        },
        runs: 500);

    private static bool HasCounts(Case one) => one.Upstream.Append(one.Own).SelectMany(s => s.Plans).SelectMany(p => p.Rules)
        .Any(rule => rule is Pricing.Rules.Seat or Pricing.Rules.VolumeTiers);

    /// <summary>Every pool used up by one of its meters.</summary>
    private static IEnumerable<Usage> Corners(UsageBound bound)
    {
        IEnumerable<(UsageMeter, long)[]> corners = [[]];
        foreach (var pool in bound.Pools)
            corners = corners.SelectMany(corner => pool.Meters.Meters.Select(meter => ((UsageMeter, long)[])[.. corner, (meter, pool.Most)])).ToList();
        return corners.Select(corner => Usage.Of(corner));
    }
}
