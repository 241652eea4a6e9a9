using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Testing;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>Ten thousand made-up calls priced two ways: by tariffs in 64 and 128 bits, and from the texts of the rules in fractions.</summary>
public sealed class AgreementTests
{
    [Fact]
    public void Both_ways_come_to_the_same_nano()
    {
        var coverage = new Coverage();
        Properties.Holds(Cases.All, one => Agree(one, coverage), runs: 12_000 / Cases.UsagesPerCase);
        coverage.Require("priced", 10_000);
        coverage.RequireEverySort(1_000);
    }

    private static void Agree(Case one, Coverage coverage)
    {
        if (one.ToOffer() is not { } offer) return;
        foreach (var (usage, terms) in one.Calls)
        {
            Agree(one, offer, usage, terms);
            coverage.Add(one, offer, usage, terms);
        }
    }

    private static void Agree(Case one, Offer offer, Usage usage, CallTerms terms)
    {
        var quote = offer.Quote(usage, terms, one.Counts.At);
        var (cost, price, unpriced) = new SlowPricing(one.Model, usage, terms, one.Counts.At).Both(one.Upstream, one.Own);
        Assert.Equal(cost, quote.Cost.TotalNanos);
        Assert.Equal(price, quote.Price.TotalNanos);
        Assert.Equal(unpriced.Order(), quote.Cost.Unpriced.Concat(quote.Price.Unpriced).Select(u => u.Meter).Distinct().Order());

        var amounts = offer.Amounts(usage, terms, one.Counts.At);
        Assert.Equal((quote.Cost.TotalNanos, quote.Price.TotalNanos, unpriced.Count > 0), (amounts.CostNanos, amounts.PriceNanos, amounts.HasUnpriced));
        Assert.Equal(quote.MarginNanos, amounts.MarginNanos);
        foreach (var line in quote.Price.Lines) Assert.Equal(Amounts.Nanos.Of(line.Quantity, line.UnitPrice, line.Multiplier), line.AmountNanos);
    }
}
