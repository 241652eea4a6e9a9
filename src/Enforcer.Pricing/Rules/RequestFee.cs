using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>A flat fee for each request.</summary>
/// <param name="Fee">At least 0.</param>
public sealed record RequestFee(decimal Fee) : PriceRule
{
    private readonly Charge _charge = new(NotNegative("requestFee.fee", Fee), Ratio.One, "fee per request");

    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context) => tariff.With(UsageMeters.Requests, _charge);
}
