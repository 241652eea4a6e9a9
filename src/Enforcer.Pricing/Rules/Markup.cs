using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>So many percent on top: of everything, or of some meters.</summary>
/// <param name="Percent">0 to 100,000; 5 makes 1.00 into 1.05.</param>
public sealed record Markup(decimal Percent) : PriceRule
{
    private readonly Ratio _factor = Ratio.Percent(100 + Within("markup.percent", Percent, 0, 100_000));

    /// <summary>On what.</summary>
    public MeterGroup On { get; init; } = MeterGroup.Everything;

    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context) =>
        tariff.Map((meter, charge) => On.Contains(meter) ? charge.Times(_factor, $"markup {PercentText(Percent)}") : charge);
}
