using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Bounds;

/// <summary>
/// The most that one pool can come to in one tier of a tariff. Why it is a bound:
/// <para>
/// Let a pool allow Q units, and F of them be free by included usage whatever happens. Every unit that is charged costs at most the dearest
/// meter's charges together, each at the dearest step it can reach; so before rounding the lines of the pool come to at most
/// A = (Q − F) × dearest. Rounding up n lines adds less than n nanos, and the sum is whole: it is at most ⌈A⌉ + n − 1.
/// </para>
/// <para>
/// F is the least over all charges of what their running counts leave free, and a count is asked only if it counts nothing outside the
/// pool: then the first F units, in the order of the meters, are free for every charge, whatever meters they are. What would break it: a
/// rule that makes a unit dearer because another was used, or a step that reaches back to units already priced. There is none.
/// </para>
/// </summary>
internal readonly ref struct PoolBounds(UsageBound bound, CountRange before, TariffTier tier)
{
    public long MostNanos(MeterPool pool)
    {
        var (free, lines) = (pool.Most, 0);
        foreach (var meter in pool.Meters.List)
        {
            if (!tier.TryGet(meter, out var charges)) continue;
            foreach (var charge in charges)
            {
                if (charge.UnitPrice == 0 || charge.Multiplier == Ratio.Zero) continue;
                free = Math.Min(free, Free(pool, charge));
                lines += MostLines(charge);
            }
        }
        if (lines == 0 || free == pool.Most) return 0;
        var dearest = 0L;
        foreach (var meter in pool.Meters.List) dearest = Math.Max(dearest, Dearest(meter, pool.Most - free));
        return dearest + lines - 1;
    }

    /// <summary>So many units of one meter at the dearest steps in reach.</summary>
    private long Dearest(UsageMeter meter, long quantity)
    {
        if (!tier.TryGet(meter, out var charges)) return 0;
        var sum = 0L;
        foreach (var charge in charges)
        {
            var multiplier = charge.Multiplier;
            foreach (var graduation in charge.Counted)
                multiplier *= graduation.Dearest(before.Least[graduation.Counter], before.Most(graduation.Counter), Reach(graduation));
            sum += Nanos.Of(quantity, charge.UnitPrice, multiplier);
        }
        return sum;
    }

    /// <summary>How many of the pool's first units this charge leaves free for certain.</summary>
    private long Free(MeterPool pool, Charge charge)
    {
        var free = 0L;
        foreach (var graduation in charge.Counted)
        {
            if (CountsOutside(graduation, pool)) continue;
            free = Math.Max(free, graduation.FreeAfter(before.Most(graduation.Counter)));
        }
        return free;
    }

    private bool CountsOutside(Graduation graduation, MeterPool pool)
    {
        foreach (var other in bound.PoolList)
        {
            if (!ReferenceEquals(other, pool) && Shares(other, graduation)) return true;
        }
        return false;
    }

    /// <summary>How far the call can move a running count.</summary>
    private long Reach(Graduation graduation)
    {
        var reach = 0L;
        foreach (var pool in bound.PoolList)
        {
            if (Shares(pool, graduation)) reach += pool.Most;
        }
        return reach;
    }

    private static bool Shares(MeterPool pool, Graduation graduation)
    {
        foreach (var meter in pool.Meters.List)
        {
            if (graduation.Meters.Contains(meter)) return true;
        }
        return false;
    }

    /// <summary>A charge makes one line, and one more for each step that the call can cross.</summary>
    private static int MostLines(Charge charge)
    {
        var lines = 1;
        foreach (var graduation in charge.Counted) lines += graduation.Steps.Count - 1;
        return lines;
    }
}
