using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Tariffs;

/// <summary>What each meter is charged in requests whose prompt is longer than a threshold. The whole request is priced so.</summary>
public sealed class TariffTier
{
    private readonly Dictionary<UsageMeter, Charge[]> _charges;

    internal TariffTier(long abovePromptTokens, IEnumerable<KeyValuePair<UsageMeter, Charge[]>> charges)
    {
        AbovePromptTokens = abovePromptTokens;
        _charges = new Dictionary<UsageMeter, Charge[]>(charges);
    }

    /// <summary>It counts for prompts of more tokens than this.</summary>
    public long AbovePromptTokens { get; }

    /// <summary>All meters that have a price, in order.</summary>
    public IEnumerable<UsageMeter> Meters => _charges.Keys.Order();

    /// <summary>All charges.</summary>
    internal IReadOnlyDictionary<UsageMeter, Charge[]> Charges => _charges;

    /// <summary>The charges of a meter; false if it has no price.</summary>
    internal bool TryGet(UsageMeter meter, out Charge[] charges) => _charges.TryGetValue(meter, out charges!);

    internal TariffTier Map(Func<UsageMeter, Charge, Charge> change) => new(
        AbovePromptTokens,
        _charges.Select(pair => KeyValuePair.Create(pair.Key, Array.ConvertAll(pair.Value, charge => change(pair.Key, charge)))));

    internal TariffTier With(UsageMeter meter, Charge charge)
    {
        Charge[] charges = TryGet(meter, out var present) ? [.. present, charge] : [charge];
        return new TariffTier(AbovePromptTokens, _charges.Where(pair => pair.Key != meter).Append(KeyValuePair.Create(meter, charges)));
    }
}
