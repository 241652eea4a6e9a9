using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>
/// At least this share of the price must be margin, or the call is refused when it is reserved. It changes no price;
/// <see cref="Bounds.FloorCheck"/> looks at it.
/// </summary>
/// <param name="Percent">0 (never below cost) to 100.</param>
public sealed record MarginFloor(decimal Percent) : PriceRule
{
    /// <summary>The share, checked.</summary>
    public decimal Percent { get; } = Within("marginFloor.percent", Percent, 0, 100);

    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context) => tariff;
}
