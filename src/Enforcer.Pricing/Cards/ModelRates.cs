using System.Collections.Frozen;
using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Cards;

/// <summary>
/// What one seller asks for one model. Immutable. A multiplier of a service tier or region counts for tokens, not for calls, images or
/// seconds; a rate that is listed for a tier by itself replaces that tier's multiplier.
/// </summary>
public sealed class ModelRates
{
    private readonly FrozenDictionary<(UsageMeter, ServiceTier, long), decimal> _byKey;

    /// <summary>Rates of a model.</summary>
    /// <exception cref="RateCardException">A name is empty, a price is negative, a threshold is below 0, or a line stands twice.</exception>
    public ModelRates(string provider, string model, IEnumerable<ListedRate> rates)
    {
        if (string.IsNullOrWhiteSpace(provider)) throw new RateCardException($"models[{model}].provider is empty: name who serves the model.");
        if (string.IsNullOrWhiteSpace(model)) throw new RateCardException("models[].model is empty: name the model.");
        (Provider, Model) = (provider, model);
        var sorted = rates.Order().ToArray();
        for (var i = 0; i < sorted.Length; i++)
        {
            var rate = sorted[i];
            if (rate.UnitPrice < 0) throw new RateCardException($"{model}: the price of {rate} is below 0: give 0 or more.");
            if (rate.AbovePromptTokens < 0) throw new RateCardException($"{model}: {rate.Meter} counts above {rate.AbovePromptTokens} prompt tokens: give 0 or more.");
            if (i > 0 && rate.CompareTo(sorted[i - 1]) == 0) throw new RateCardException($"{model}: {rate} stands twice: leave one.");
        }
        Rates = sorted;
        _byKey = sorted.ToFrozenDictionary(r => (r.Meter, r.Tier, r.AbovePromptTokens), r => r.UnitPrice);
        Thresholds = [0, .. sorted.Select(r => r.AbovePromptTokens).Where(above => above > 0).Distinct().Order()];
    }

    /// <summary>Who serves it: "anthropic", "vertex_ai".</summary>
    public string Provider { get; }

    /// <summary>The model as calls name it.</summary>
    public string Model { get; }

    /// <summary>All lines, in the card's order.</summary>
    public IReadOnlyList<ListedRate> Rates { get; }

    /// <summary>The sizes of prompt above which other rates count, ascending; the first is 0.</summary>
    public IReadOnlyList<long> Thresholds { get; }

    /// <summary>What a service tier multiplies token prices by.</summary>
    public IReadOnlyDictionary<ServiceTier, Ratio> TierMultipliers { get; init; } = FrozenDictionary<ServiceTier, Ratio>.Empty;

    /// <summary>What a region multiplies token prices by.</summary>
    public IReadOnlyDictionary<string, Ratio> RegionMultipliers { get; init; } = FrozenDictionary<string, Ratio>.Empty;

    /// <summary>What it does: "chat", "embedding"; null if nobody says.</summary>
    public string? Mode { get; init; }

    /// <summary>The longest prompt in tokens; null if nobody says.</summary>
    public long? MaxInputTokens { get; init; }

    /// <summary>The longest answer in tokens; null if nobody says. It bounds a call that names no limit of its own.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Where the prices are published; null if nobody says.</summary>
    public string? Source { get; init; }

    /// <summary>The listed price of exactly this meter, tier and threshold; null if there is none.</summary>
    public decimal? Listed(UsageMeter meter, ServiceTier tier, long abovePromptTokens) =>
        _byKey.TryGetValue((meter, tier, abovePromptTokens), out var price) ? price : null;
}
