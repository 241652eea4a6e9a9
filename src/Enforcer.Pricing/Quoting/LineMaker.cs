using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Quoting;

/// <summary>Makes the lines of a bill from a tariff and usage: one for each charge, and one more wherever a running count crosses a step.</summary>
internal static class LineMaker
{
    public static void Make<TSink>(Tariff tariff, Usage usage, RunningCounts before, ref TSink sink)
        where TSink : struct, ILineSink
    {
        var tier = tariff.For(usage.PromptTokens);
        for (var i = 0; i < usage.Count; i++)
        {
            var item = usage[i];
            if (!tier.TryGet(item.Meter, out var charges))
            {
                sink.AddUnpriced(item);
                continue;
            }
            foreach (var charge in charges)
            {
                if (charge.Counted.Length == 0) Add(item, charge, charge.Multiplier, step: null, ref sink);
                else Split(item, charge, usage, before, ref sink);
            }
        }
    }

    private static void Add<TSink>(Metered units, Charge charge, Ratio multiplier, GraduationStep? step, ref TSink sink)
        where TSink : struct, ILineSink =>
        sink.Add(units, charge, multiplier, step, Nanos.Of(units.Quantity, charge.UnitPrice, multiplier));

    private static void Split<TSink>(Metered item, Charge charge, Usage usage, RunningCounts before, ref TSink sink)
        where TSink : struct, ILineSink
    {
        for (var done = 0L; done < item.Quantity;)
        {
            var (take, multiplier, last) = (item.Quantity - done, charge.Multiplier, default(GraduationStep));
            foreach (var graduation in charge.Counted)
            {
                var place = Place(graduation, item.Meter, usage, before) + done;
                var (step, next) = graduation.At(place);
                take = Math.Min(take, next - place);
                multiplier *= step.Multiplier;
                if (last.Why is null || step.Multiplier != Ratio.One) last = step;
            }
            Add(new Metered(item.Meter, take), charge, multiplier, last, ref sink);
            done += take;
        }
    }

    /// <summary>How many units of a running count stand before the first of this meter: those of earlier calls, then those of earlier meters.</summary>
    private static long Place(Graduation graduation, UsageMeter meter, Usage usage, RunningCounts before)
    {
        var place = before[graduation.Counter];
        for (var i = 0; i < usage.Count && usage[i].Meter != meter; i++)
        {
            if (graduation.Meters.Contains(usage[i].Meter)) place += usage[i].Quantity;
        }
        return place;
    }
}
