using Enforcer.Pricing.Amounts;

namespace Enforcer.Pricing.Bounds;

/// <summary>
/// Whether a call that uses all that it reserves keeps the margin floor, in the split over its pools that leaves the least margin. The
/// amounts are those of that split.
/// </summary>
/// <param name="Percent">The share of the price that must be margin.</param>
/// <param name="CostNanos">The cost of the call.</param>
/// <param name="PriceNanos">The price of the call.</param>
public readonly record struct FloorCheck(decimal Percent, long CostNanos, long PriceNanos)
{
    /// <summary>True if it would sell below the floor, and must be refused.</summary>
    public bool IsBelow => Spare(Ratio.Percent(100 - Percent), CostNanos, PriceNanos) < 0;

    /// <summary>How far the part of the price that may be cost is above the cost, scaled by the factor's denominator.</summary>
    internal static Int128 Spare(Ratio costShare, long costNanos, long priceNanos) =>
        ((Int128)priceNanos * costShare.Numerator) - ((Int128)costNanos * costShare.Denominator);
}
