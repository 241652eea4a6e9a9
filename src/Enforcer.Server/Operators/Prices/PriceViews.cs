using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators.Prices;

/// <summary>From prices to the messages that show them.</summary>
internal static class PriceViews
{
    private const long Million = 1_000_000;

    public static V1.ModelPrices Of(ModelRates model) => new()
    {
        Provider = model.Provider,
        Model = model.Model,
        Mode = model.Mode ?? "",
        MaxInputTokens = model.MaxInputTokens ?? 0,
        MaxOutputTokens = model.MaxOutputTokens ?? 0,
        Rates = { model.Rates.Select(Of) },
        Multipliers = { Multipliers(model).Select(multiplier => $"{multiplier.Name} × {multiplier.Value}") },
        Source = model.Source ?? "",
    };

    public static V1.PricedLine Of(PricedLine line) => new()
    {
        Meter = line.Meter.Name,
        Quantity = line.Quantity,
        UnitPrice = ExactDecimal.Text(line.UnitPrice),
        Multiplier = line.Multiplier.ToString(),
        AmountNanos = line.AmountNanos,
        Why = line.Why,
    };

    /// <summary>What tiers and regions multiply token prices by.</summary>
    public static IEnumerable<(string Name, Ratio Value)> Multipliers(ModelRates model) =>
        model.TierMultipliers.OrderBy(tier => tier.Key).Select(tier => (ServiceTiers.NameOf(tier.Key), tier.Value))
            .Concat(model.RegionMultipliers.OrderBy(region => region.Key, StringComparer.Ordinal).Select(region => ($"region {region.Key}", region.Value)));

    private static V1.Rate Of(ListedRate rate)
    {
        // Tokens are priced by the million, as providers publish them.
        var per = rate.Meter.IsToken && rate.UnitPrice < Million ? Million : 1;
        return new V1.Rate
        {
            Meter = rate.Meter.Name,
            Price = ExactDecimal.Text(rate.UnitPrice * per),
            Per = per,
            Tier = rate.Tier == ServiceTier.Standard ? "" : ServiceTiers.NameOf(rate.Tier),
            AbovePromptTokens = rate.AbovePromptTokens,
        };
    }
}
