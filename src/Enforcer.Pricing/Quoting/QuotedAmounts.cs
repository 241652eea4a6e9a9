namespace Enforcer.Pricing.Quoting;

/// <summary>Both amounts of one call.</summary>
/// <param name="CostNanos">What the upstream charges us.</param>
/// <param name="PriceNanos">What we charge the customer.</param>
/// <param name="HasUnpriced">True if some usage has no price on either side; <see cref="Offer.Quote"/> names it.</param>
public readonly record struct QuotedAmounts(long CostNanos, long PriceNanos, bool HasUnpriced)
{
    /// <summary>Price less cost; below 0 if it sold at a loss.</summary>
    public long MarginNanos => PriceNanos - CostNanos;
}
