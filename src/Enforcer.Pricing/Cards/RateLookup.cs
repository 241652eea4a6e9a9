using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Cards;

/// <summary>
/// Which rate counts for a meter under given terms. What is listed for exactly these terms counts. What is not is never guessed to be
/// cheaper than something that is published, in this order:
/// <list type="number">
/// <item>a multiplier of the tier on the standard rate, if the card has one;</item>
/// <item>the dearest of the meter's own rates that are listed for the tier or the standard tier at this prompt size, or a smaller one;</item>
/// <item>for longer prompts and for dearer tiers also the rate of the meter it falls back to, if that is listed for them;</item>
/// <item>a dearer tier (priority, fast) for which nothing of all this is listed has no price; a cheaper one costs the standard rate.</item>
/// </list>
/// </summary>
internal sealed class RateLookup(ModelRates model, CallTerms terms, long threshold)
{
    private readonly Ratio? _tierMultiplier = model.TierMultipliers.TryGetValue(terms.Tier, out var tier) ? tier : null;
    private readonly Ratio _region =
        terms.Region is { } name && model.RegionMultipliers.TryGetValue(name, out var region) ? region : Ratio.One;

    /// <summary>The price and its multiplier; null if the seller has no price for it.</summary>
    public (decimal UnitPrice, Ratio Multiplier)? Find(UsageMeter meter)
    {
        if (!meter.IsToken) return FindPlain(meter) is { } plain ? (plain, Ratio.One) : null;
        if (_tierMultiplier is { } multiplier && model.Listed(meter, terms.Tier, threshold) is null)
            return Best(meter, ServiceTier.Standard) is { } standard ? (standard, multiplier * _region) : null;
        if (ServiceTiers.IsDearer(terms.Tier) && !IsListed(meter, terms.Tier)) return null;
        return Best(meter, terms.Tier) is { } price ? (price, _region) : null;
    }

    /// <summary>What is no token costs the same in every tier and region.</summary>
    private decimal? FindPlain(UsageMeter meter)
    {
        for (var at = meter; at is not null; at = at.FallsBackTo)
        {
            if (Own(at, ServiceTier.Standard) is { } price) return price;
        }
        return meter.IsFreeUnlessListed ? 0 : null;
    }

    private decimal? Best(UsageMeter meter, ServiceTier tier)
    {
        if (model.Listed(meter, tier, threshold) is { } listed) return listed;
        var own = Dearer(Own(meter, tier), tier == ServiceTier.Standard ? null : Own(meter, ServiceTier.Standard));
        if (meter.FallsBackTo is not { } other) return own;
        return own is null || IsListedForMore(other, tier) ? Dearer(own, Best(other, tier)) : own;
    }

    /// <summary>The meter's own rate at this prompt size, or at the largest below it.</summary>
    private decimal? Own(UsageMeter meter, ServiceTier tier)
    {
        for (var i = model.Thresholds.Count - 1; i >= 0; i--)
        {
            if (model.Thresholds[i] <= threshold && model.Listed(meter, tier, model.Thresholds[i]) is { } price) return price;
        }
        return null;
    }

    /// <summary>True if the meter, or one that it falls back to, is listed for the tier at all.</summary>
    private bool IsListed(UsageMeter meter, ServiceTier tier)
    {
        for (var at = meter; at is not null; at = at.FallsBackTo)
        {
            if (Own(at, tier) is not null) return true;
        }
        return false;
    }

    /// <summary>True if a meter is listed for what makes these terms dearer than the ordinary ones.</summary>
    private bool IsListedForMore(UsageMeter meter, ServiceTier tier)
    {
        for (var at = meter; at is not null; at = at.FallsBackTo)
        {
            if (threshold > 0 && (model.Listed(at, tier, threshold) ?? model.Listed(at, ServiceTier.Standard, threshold)) is not null) return true;
            if (ServiceTiers.IsDearer(tier) && Own(at, tier) is not null) return true;
        }
        return false;
    }

    private static decimal? Dearer(decimal? left, decimal? right) =>
        left is null ? right : right is null ? left : Math.Max(left.Value, right.Value);
}
