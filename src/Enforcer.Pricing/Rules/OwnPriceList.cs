using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>A price list of one's own, instead of what the rules before it made. A model that is not on it keeps the price that it had.</summary>
/// <param name="Card">The list; its unit of money is that of the prices before it.</param>
public sealed record OwnPriceList(RateCard Card) : PriceRule
{
    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context)
    {
        if ((Card.Find(context.Model.Model, context.Model.Provider) ?? Card.Find(context.Model.Model)) is not { } model) return tariff;
        return Card.Unit == tariff.Unit
            ? Tariff.Of(model, context.Terms, Card.Unit)
            : throw new RateCardException($"The price list of {Card.Seller} is in {Card.Unit} and what it replaces in {tariff.Unit}: set the credit unit first, or give a list in {tariff.Unit}.");
    }
}
