using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>
/// Prices in a unit of one's own: 1 ACU = so much money. The seller's cost is told in the same unit, so that the margin is a difference
/// of two like amounts. Exact: nothing is rounded until the line is.
/// </summary>
/// <param name="Unit">The account's unit: "ACU", "credits".</param>
/// <param name="Worth">What one of it is worth in the unit before, above 0.</param>
public sealed record CreditUnits(string Unit, decimal Worth) : PriceRule
{
    private readonly Ratio _worth = Worth > 0
        ? Ratio.Of(Worth)
        : throw new RateCardException($"creditUnits.worth is {ExactDecimal.Text(Worth)}: give what one {Unit} is worth, above 0.");

    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context) => Convert(tariff);

    /// <inheritdoc/>
    public override Tariff Cost(Tariff tariff, RuleContext context) => Convert(tariff);

    private Tariff Convert(Tariff tariff) => tariff.In(Unit, _worth, $"1 {Unit} = {ExactDecimal.Text(Worth)} {tariff.Unit}");
}
