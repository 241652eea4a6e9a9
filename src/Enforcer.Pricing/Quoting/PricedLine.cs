using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Quoting;

/// <summary>One line of a bill: amount = quantity × unit price × multiplier, rounded up to whole nanos, once.</summary>
/// <param name="Meter">What was counted.</param>
/// <param name="Quantity">How much of it this line is about.</param>
/// <param name="UnitPrice">As it is listed.</param>
/// <param name="Multiplier">All factors together: tier, region, markups, discounts, steps.</param>
/// <param name="AmountNanos">What it comes to.</param>
/// <param name="Why">The list, then each rule that changed it.</param>
public readonly record struct PricedLine(
    UsageMeter Meter, long Quantity, decimal UnitPrice, Ratio Multiplier, long AmountNanos, string Why)
{
    /// <summary>"input: 1200 × 0.000005 × 1.05 = 6300000 nanos (…)".</summary>
    public override string ToString() =>
        $"{Meter}: {Quantity} × {ExactDecimal.Text(UnitPrice)} × {Multiplier} = {AmountNanos} nanos ({Why})";
}
