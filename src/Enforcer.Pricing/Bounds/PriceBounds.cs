using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Bounds;

/// <summary>
/// The bound of an offer: the largest sum of the pools over all terms that the call may be billed on and all context tiers that its prompt
/// can reach. The lowest tier is always in reach, because a call may use less than it reserved.
/// </summary>
internal static class PriceBounds
{
    public static PriceBound Of(Offer offer, UsageBound bound, CountRange before)
    {
        var (cost, price) = (0L, 0L);
        List<UsageMeter>? unpriced = null;
        foreach (var terms in bound.TermList)
        {
            cost = Math.Max(cost, MostNanos(offer.CostTariff(terms), bound, before, ref unpriced));
            price = Math.Max(price, MostNanos(offer.PriceTariff(terms), bound, before, ref unpriced));
        }
        return new PriceBound(cost, price, (IReadOnlyList<UsageMeter>?)unpriced ?? [], FloorChecks.Of(offer, bound, before));
    }

    /// <summary>The bound on the price alone.</summary>
    public static long PriceNanos(Offer offer, UsageBound bound, CountRange before)
    {
        var price = 0L;
        List<UsageMeter>? unpriced = null;
        foreach (var terms in bound.TermList) price = Math.Max(price, MostNanos(offer.PriceTariff(terms), bound, before, ref unpriced));
        return price;
    }

    private static long MostNanos(Tariff tariff, UsageBound bound, CountRange before, ref List<UsageMeter>? unpriced)
    {
        var most = 0L;
        foreach (var tier in tariff.TierList)
        {
            if (tier.AbovePromptTokens > 0 && tier.AbovePromptTokens >= bound.MostPromptTokens) break;
            var sum = 0L;
            var pools = new PoolBounds(bound, before, tier);
            foreach (var pool in bound.PoolList)
            {
                sum += pools.MostNanos(pool);
                if (pool.Most > 0) NoteUnpriced(tier, pool, ref unpriced);
            }
            most = Math.Max(most, sum);
        }
        return most;
    }

    private static void NoteUnpriced(TariffTier tier, MeterPool pool, ref List<UsageMeter>? unpriced)
    {
        foreach (var meter in pool.Meters.List)
        {
            if (tier.TryGet(meter, out _)) continue;
            unpriced ??= [];
            if (!unpriced.Contains(meter)) unpriced.Add(meter);
        }
    }
}
