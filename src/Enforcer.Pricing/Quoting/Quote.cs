namespace Enforcer.Pricing.Quoting;

/// <summary>Both amounts of one call, line by line.</summary>
/// <param name="Cost">What the upstream charges us.</param>
/// <param name="Price">What we charge the customer.</param>
public sealed record Quote(Bill Cost, Bill Price)
{
    /// <summary>Price less cost; below 0 if it sold at a loss.</summary>
    public long MarginNanos => Price.TotalNanos - Cost.TotalNanos;
}
