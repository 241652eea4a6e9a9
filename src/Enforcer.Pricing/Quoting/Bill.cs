using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Quoting;

/// <summary>What usage comes to, line by line.</summary>
public sealed class Bill
{
    internal Bill(string unit, IReadOnlyList<PricedLine> lines, IReadOnlyList<Metered> unpriced)
    {
        (Unit, Lines, Unpriced) = (unit, lines, unpriced);
        foreach (var line in lines) TotalNanos += line.AmountNanos;
    }

    /// <summary>The unit of money.</summary>
    public string Unit { get; }

    /// <summary>The lines, in the order of the meters.</summary>
    public IReadOnlyList<PricedLine> Lines { get; }

    /// <summary>Usage that the seller has no price for. It is on no line and in no sum: whoever books it must say so.</summary>
    public IReadOnlyList<Metered> Unpriced { get; }

    /// <summary>The sum of the lines, in nanos.</summary>
    public long TotalNanos { get; }
}
