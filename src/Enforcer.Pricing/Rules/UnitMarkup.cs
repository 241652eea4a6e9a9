using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>So much on top of each unit of a meter: a line of its own on the bill.</summary>
/// <param name="Meter">Which units.</param>
/// <param name="UnitPrice">How much for one, at least 0.</param>
public sealed record UnitMarkup(UsageMeter Meter, decimal UnitPrice) : PriceRule
{
    private readonly Charge _charge = new(NotNegative("unitMarkup.price", UnitPrice), Ratio.One, "markup per unit");

    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context) => tariff.With(Meter, _charge);
}
