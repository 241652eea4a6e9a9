using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Bounds;

/// <summary>
/// Looks for the split of a call that leaves the least margin: in each pool the one meter whose price stands worst to its cost, all units
/// used, the running counts as far as they can be. Terms on which the call may be billed are tried one by one; the worst counts.
/// </summary>
internal static class FloorChecks
{
    public static FloorCheck? Of(Offer offer, UsageBound bound, CountRange before)
    {
        if (offer.FloorPercent is not { } percent) return null;
        var costShare = Ratio.Percent(100 - percent);
        FloorCheck? worst = null;
        foreach (var terms in bound.TermList)
        {
            var check = On(offer, terms, bound, before, percent, costShare);
            if (worst is not { } other || Spare(check, costShare) < Spare(other, costShare)) worst = check;
        }
        return worst;
    }

    private static FloorCheck On(Offer offer, CallTerms terms, UsageBound bound, CountRange before, decimal percent, Ratio costShare)
    {
        var costTier = offer.CostTariff(terms).For(bound.MostPromptTokens);
        var priceTier = offer.PriceTariff(terms).For(bound.MostPromptTokens);
        var (cost, price) = (0L, 0L);
        foreach (var pool in bound.PoolList)
        {
            var (worstCost, worstPrice, worstSpare) = (0L, 0L, Int128.MaxValue);
            foreach (var meter in pool.Meters.List)
            {
                var (meterCost, meterPrice) = (Amount(costTier, meter, pool.Most, before), Amount(priceTier, meter, pool.Most, before));
                var spare = FloorCheck.Spare(costShare, meterCost, meterPrice);
                if (spare < worstSpare) (worstCost, worstPrice, worstSpare) = (meterCost, meterPrice, spare);
            }
            cost += worstCost;
            price += worstPrice;
        }
        return new FloorCheck(percent, cost, price);
    }

    private static Int128 Spare(FloorCheck check, Ratio costShare) => FloorCheck.Spare(costShare, check.CostNanos, check.PriceNanos);

    private static long Amount(TariffTier tier, UsageMeter meter, long quantity, CountRange before)
    {
        if (!tier.TryGet(meter, out var charges)) return 0;
        var sum = 0L;
        foreach (var charge in charges)
        {
            var multiplier = charge.Multiplier;
            foreach (var graduation in charge.Counted) multiplier *= graduation.At(before.Most(graduation.Counter)).Step.Multiplier;
            sum += Nanos.Of(quantity, charge.UnitPrice, multiplier);
        }
        return sum;
    }
}
