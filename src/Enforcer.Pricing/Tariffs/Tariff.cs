using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Tariffs;

/// <summary>
/// What one buyer pays one seller for one model under one set of terms, everything worked out: a rate card becomes a tariff, and each price
/// rule turns a tariff into another. Usage is only ever priced by a tariff.
/// </summary>
public sealed class Tariff
{
    private readonly TariffTier[] _tiers;

    private Tariff(string unit, TariffTier[] tiers) => (Unit, _tiers) = (unit, tiers);

    /// <summary>The unit of money.</summary>
    public string Unit { get; }

    /// <summary>By size of the prompt, ascending; the first is for all.</summary>
    public IReadOnlyList<TariffTier> Tiers => _tiers;

    internal TariffTier[] TierList => _tiers;

    /// <summary>The tariff of a rate card.</summary>
    public static Tariff Of(ModelRates model, CallTerms terms, string unit)
    {
        var listed = model.Rates.Select(r => r.Meter).ToHashSet();
        var meters = UsageMeters.All.Where(meter => meter.IsFreeUnlessListed || HasListed(meter)).Union(listed).Order().ToList();
        var why = $"{model.Model} list price{(terms == CallTerms.Standard ? "" : $", {terms}")}";
        return new Tariff(unit, [.. model.Thresholds.Select(threshold => TierOf(threshold))]);

        bool HasListed(UsageMeter? meter) => meter is not null && (listed.Contains(meter) || HasListed(meter.FallsBackTo));

        TariffTier TierOf(long threshold)
        {
            var lookup = new RateLookup(model, terms, threshold);
            var text = threshold == 0 ? why : $"{why}, prompt above {threshold} tokens";
            var charges = new List<MeterCharges>();
            foreach (var meter in meters)
            {
                if (lookup.Find(meter) is { } rate) charges.Add(new MeterCharges(meter, new[] { new Charge(rate.UnitPrice, rate.Multiplier, text) }));
            }
            return new TariffTier(threshold, [.. charges]);
        }
    }

    /// <summary>The tier that counts for a prompt of so many tokens.</summary>
    public TariffTier For(long promptTokens)
    {
        var i = _tiers.Length - 1;
        while (_tiers[i].AbovePromptTokens >= promptTokens && i > 0) i--;
        return _tiers[i];
    }

    /// <summary>Each charge changed.</summary>
    public Tariff Map(Func<UsageMeter, Charge, Charge> change) => new(Unit, Array.ConvertAll(_tiers, tier => tier.Map(change)));

    /// <summary>One charge more on a meter, in every tier.</summary>
    public Tariff With(UsageMeter meter, Charge charge) => new(Unit, Array.ConvertAll(_tiers, tier => tier.With(meter, charge)));

    /// <summary>The tariff, once it is sure that every factor on it is exact in whatever step a running count stands.</summary>
    /// <exception cref="RateCardException">Factors on a charge need more than 63 bits together.</exception>
    internal Tariff Checked()
    {
        foreach (var tier in _tiers)
        {
            foreach (var each in tier.Meters)
            {
                if (!Array.TrueForAll(each.List, charge => charge.IsExact))
                    throw new RateCardException($"The factors on {each.Meter} ({each.List[0].Why}) have too many digits together: use rounder percentages, or fewer rules.");
            }
        }
        return this;
    }

    /// <summary>In another unit of money, one of which is worth so much of this one's.</summary>
    public Tariff In(string unit, Ratio worth, string why)
    {
        var factor = worth.Inverse();
        return new Tariff(unit, Array.ConvertAll(_tiers, tier => tier.Map((_, charge) => charge.Times(factor, why))));
    }
}
