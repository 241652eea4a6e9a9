using System.Text;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>All plans that count for one key of one seller: the wallet's, then the team's, then the key's own. Each goes on from the price of the one before.</summary>
public sealed class PriceStack
{
    private readonly PricePlan[] _plans;
    private string? _contentId;

    /// <summary>A stack, from the wallet down to the key.</summary>
    public PriceStack(params IEnumerable<PricePlan> plans) => _plans = [.. plans];

    /// <summary>No rule: sold at cost.</summary>
    public static PriceStack AtCost { get; } = new();

    /// <summary>The plans, from the wallet down.</summary>
    public IReadOnlyList<PricePlan> Plans => _plans;

    /// <summary>Names exactly these rules in this order.</summary>
    public string ContentId => _contentId ??= RateCard.IdOf(Encoding.ASCII.GetBytes(string.Join('/', _plans.Select(p => p.ContentId))));

    /// <summary>What the customer pays, made from what the seller pays.</summary>
    public Tariff Price(Tariff tariff, RuleContext context)
    {
        foreach (var plan in _plans) tariff = plan.Price(tariff, context);
        return tariff;
    }

    /// <summary>What the seller pays, in the customer's unit.</summary>
    public Tariff Cost(Tariff tariff, RuleContext context)
    {
        foreach (var plan in _plans) tariff = plan.Cost(tariff, context);
        return tariff;
    }

    /// <summary>The running counts that the rules for the model look at.</summary>
    public IEnumerable<RunningCounter> Counters(RuleContext context) =>
        _plans.SelectMany(plan => plan.For(context)).Select(rule => rule.Counts).OfType<RunningCounter>();

    /// <summary>The highest margin floor for the model, in percent of the price; null if there is none.</summary>
    public decimal? FloorPercent(RuleContext context) =>
        _plans.SelectMany(plan => plan.For(context)).OfType<MarginFloor>().Select(floor => (decimal?)floor.Percent).Max();
}
