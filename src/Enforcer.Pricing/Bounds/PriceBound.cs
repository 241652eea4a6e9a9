using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Bounds;

/// <summary>
/// The most that usage within a bound can come to, on any of its terms, however it is split over the meters of its pools and whatever
/// the running counts turn out to be within their range. What is held for a call is <see cref="PriceNanos"/>.
/// </summary>
/// <param name="CostNanos">The most that the upstream can charge.</param>
/// <param name="PriceNanos">The most that the customer can be charged.</param>
/// <param name="Unpriced">Meters that the call may use and that have no price; if there are any, the amounts are no bound and the call must be refused.</param>
/// <param name="Floor">How the call stands to the margin floor; null if there is none.</param>
public readonly record struct PriceBound(long CostNanos, long PriceNanos, IReadOnlyList<UsageMeter> Unpriced, FloorCheck? Floor)
{
    /// <summary>True if all that the call may use has a price, so that the amounts are bounds.</summary>
    public bool IsComplete => Unpriced.Count == 0;
}
