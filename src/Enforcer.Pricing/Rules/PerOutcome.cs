using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>
/// Pay for results: a ticket that was resolved costs so much, one that was not costs nothing, and what was used on the way is not charged.
/// The seller's cost is booked all the same.
/// </summary>
/// <param name="Resolved">The price of one <c>outcome_resolved</c>, at least 0.</param>
public sealed record PerOutcome(decimal Resolved) : PriceRule
{
    private readonly Charge _charge = new(NotNegative("perOutcome.resolved", Resolved), Ratio.One, "outcome resolved");

    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context) => tariff
        .Map((_, charge) => charge.Times(Ratio.Zero, "charged per outcome"))
        .With(UsageMeters.OutcomeResolved, _charge);
}
