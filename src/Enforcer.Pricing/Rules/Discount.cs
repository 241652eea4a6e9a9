using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>So many percent off: everything, some meters (cached input), or calls that one service tier served (batch).</summary>
/// <param name="Percent">0 to 100.</param>
public sealed record Discount(decimal Percent) : PriceRule
{
    private readonly Ratio _factor = Ratio.Percent(100 - Within("discount.percent", Percent, 0, 100));

    /// <summary>On what.</summary>
    public MeterGroup On { get; init; } = MeterGroup.Everything;

    /// <summary>Only for this tier; null for all.</summary>
    public ServiceTier? Tier { get; init; }

    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context) => Tier is { } tier && tier != context.Terms.Tier
        ? tariff
        : tariff.Map((meter, charge) => On.Contains(meter) ? charge.Times(_factor, $"discount {PercentText(Percent)}") : charge);
}
