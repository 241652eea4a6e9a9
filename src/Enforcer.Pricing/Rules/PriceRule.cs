using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>One rule by which a price is made from the price below it. Immutable; each turns a tariff into a tariff and knows nothing of the others.</summary>
public abstract record PriceRule
{
    /// <summary>The models it is for: all unless said otherwise.</summary>
    public ModelPattern Models { get; init; } = ModelPattern.All;

    /// <summary>The price after this rule.</summary>
    public abstract Tariff Price(Tariff tariff, RuleContext context);

    /// <summary>The seller's own cost after this rule; most leave it alone.</summary>
    public virtual Tariff Cost(Tariff tariff, RuleContext context) => tariff;

    /// <summary>The running count that it looks at; null for most.</summary>
    public virtual RunningCounter? Counts => null;

    private protected static decimal Within(string field, decimal value, decimal least, decimal most) => value >= least && value <= most
        ? value
        : throw new RateCardException($"{field} is {ExactDecimal.Text(value)}: give {ExactDecimal.Text(least)} to {ExactDecimal.Text(most)}.");

    private protected static decimal NotNegative(string field, decimal value) => value >= 0
        ? value
        : throw new RateCardException($"{field} is {ExactDecimal.Text(value)}: give 0 or more.");

    private protected static string PercentText(decimal percent) => $"{ExactDecimal.Text(percent)} %";
}
