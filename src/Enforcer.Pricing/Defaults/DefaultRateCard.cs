using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Json;

namespace Enforcer.Pricing.Defaults;

/// <summary>The small rate card that comes with Enforcer: a few models at their published prices, each with its source.</summary>
public static class DefaultRateCard
{
    /// <summary>Reads it.</summary>
    public static RateCard Read()
    {
        using var resource = typeof(DefaultRateCard).Assembly.GetManifestResourceStream("default-rate-card.json")
            ?? throw new InvalidOperationException("The default rate card is not in this assembly.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return RateCardJson.Read(bytes);
    }
}
