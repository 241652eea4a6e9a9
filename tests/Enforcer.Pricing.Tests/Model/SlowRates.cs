using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>Which listed rate counts, from the text of docs/prices.md.</summary>
internal static class SlowRates
{
    public static Fraction? Of(ModelRates model, UsageMeter meter, CallTerms terms, long promptTokens)
    {
        var threshold = model.Rates.Select(r => r.AbovePromptTokens).Append(0).Where(above => above == 0 || above < promptTokens).Max();
        if (!meter.IsToken)
            return Chain(meter).Select(m => LastListed(model, m, ServiceTier.Standard, threshold)).FirstOrDefault(p => p is not null)
                ?? (meter.IsFreeUnlessListed ? Fraction.Whole(0) : null);
        var region = terms.Region is { } name && model.RegionMultipliers.TryGetValue(name, out var uplift)
            ? new Fraction(uplift.Numerator, uplift.Denominator)
            : Fraction.Whole(1);
        if (Exactly(model, meter, terms.Tier, threshold) is { } exact) return exact * region;
        if (model.TierMultipliers.TryGetValue(terms.Tier, out var multiplier))
            return Dearest(model, meter, ServiceTier.Standard, threshold) * new Fraction(multiplier.Numerator, multiplier.Denominator) * region;
        if (terms.Tier is ServiceTier.Priority or ServiceTier.Fast && Chain(meter).All(m => LastListed(model, m, terms.Tier, threshold) is null)) return null;
        return Dearest(model, meter, terms.Tier, threshold) * region;
    }

    private static Fraction? Dearest(ModelRates model, UsageMeter meter, ServiceTier tier, long threshold)
    {
        if (Exactly(model, meter, tier, threshold) is { } exact) return exact;
        var candidates = new List<Fraction>();
        foreach (var of in new[] { tier, ServiceTier.Standard })
        {
            if (LastListed(model, meter, of, threshold) is { } own) candidates.Add(own);
        }
        var isLonger = threshold > 0 && Chain(meter).Skip(1).Any(m =>
            Exactly(model, m, tier, threshold) is not null || Exactly(model, m, ServiceTier.Standard, threshold) is not null);
        var isDearer = tier is ServiceTier.Priority or ServiceTier.Fast && Chain(meter).Skip(1).Any(m => LastListed(model, m, tier, threshold) is not null);
        if (meter.FallsBackTo is { } other && (candidates.Count == 0 || isLonger || isDearer) && Dearest(model, other, tier, threshold) is { } fallback)
            candidates.Add(fallback);
        return candidates.Count == 0 ? null : candidates.Aggregate(Fraction.Max);
    }

    private static Fraction? Exactly(ModelRates model, UsageMeter meter, ServiceTier tier, long threshold) => model.Rates
        .Where(r => r.Meter == meter && r.Tier == tier && r.AbovePromptTokens == threshold)
        .Select(r => (Fraction?)Fraction.Of(r.UnitPrice)).SingleOrDefault();

    private static Fraction? LastListed(ModelRates model, UsageMeter meter, ServiceTier tier, long threshold) => model.Rates
        .Where(r => r.Meter == meter && r.Tier == tier && r.AbovePromptTokens <= threshold)
        .OrderBy(r => r.AbovePromptTokens).Select(r => (Fraction?)Fraction.Of(r.UnitPrice)).LastOrDefault();

    private static IEnumerable<UsageMeter> Chain(UsageMeter meter)
    {
        for (var at = meter; at is not null; at = at.FallsBackTo) yield return at;
    }
}
