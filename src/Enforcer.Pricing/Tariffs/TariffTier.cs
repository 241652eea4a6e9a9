using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Tariffs;

/// <summary>What each meter is charged in requests whose prompt is longer than a threshold. The whole request is priced so.</summary>
public sealed class TariffTier
{
    private readonly MeterCharges[] _meters;

    internal TariffTier(long abovePromptTokens, MeterCharges[] inOrder) => (AbovePromptTokens, _meters) = (abovePromptTokens, inOrder);

    /// <summary>It counts for prompts of more tokens than this.</summary>
    public long AbovePromptTokens { get; }

    /// <summary>All meters that have a price, in order, each with its charges.</summary>
    public IReadOnlyList<MeterCharges> Meters => _meters;

    /// <summary>The charges of a meter; false if it has no price.</summary>
    internal bool TryGet(UsageMeter meter, out Charge[] charges)
    {
        var at = IndexOf(meter);
        charges = at >= 0 ? _meters[at].List : [];
        return at >= 0;
    }

    internal TariffTier Map(Func<UsageMeter, Charge, Charge> change) => new(AbovePromptTokens, Array.ConvertAll(
        _meters, each => new MeterCharges(each.Meter, Array.ConvertAll(each.List, charge => change(each.Meter, charge)))));

    internal TariffTier With(UsageMeter meter, Charge charge)
    {
        var at = IndexOf(meter);
        if (at < 0) return new TariffTier(AbovePromptTokens, [.. _meters[..~at], new MeterCharges(meter, new[] { charge }), .. _meters[~at..]]);
        MeterCharges[] meters = [.. _meters];
        meters[at] = new MeterCharges(meter, (Charge[])[.. meters[at].List, charge]);
        return new TariffTier(AbovePromptTokens, meters);
    }

    /// <summary>Where the meter is, or the complement of where it would be.</summary>
    private int IndexOf(UsageMeter meter)
    {
        var (low, high) = (0, _meters.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _meters[middle].Meter.CompareTo(meter);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}
