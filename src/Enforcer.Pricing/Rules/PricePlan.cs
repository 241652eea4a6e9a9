using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Json;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>The price rules of one wallet, team or key, in the order in which they count. Immutable.</summary>
public sealed class PricePlan
{
    private readonly PriceRule[] _rules;
    private string? _contentId;

    /// <summary>A plan.</summary>
    public PricePlan(string name, params IEnumerable<PriceRule> rules) => (Name, _rules) = (name, [.. rules]);

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>The rules in order.</summary>
    public IReadOnlyList<PriceRule> Rules => _rules;

    /// <summary>The first 32 hexadecimal digits of the SHA-256 of the plan's canonical text (<see cref="PricePlanJson.Write"/>).</summary>
    public string ContentId => _contentId ??= RateCard.IdOf(PricePlanJson.Write(this));

    internal Tariff Price(Tariff tariff, RuleContext context)
    {
        foreach (var rule in For(context)) tariff = rule.Price(tariff, context);
        return tariff;
    }

    internal Tariff Cost(Tariff tariff, RuleContext context)
    {
        foreach (var rule in For(context)) tariff = rule.Cost(tariff, context);
        return tariff;
    }

    internal IEnumerable<PriceRule> For(RuleContext context) => _rules.Where(rule => rule.Models.Matches(context.Model.Model));
}
