using Enforcer.Pricing.Amounts;

namespace Enforcer.Pricing.Tariffs;

/// <summary>What one unit of a meter is charged, and why. A meter may have several charges: a list price and a markup per unit. Immutable.</summary>
public sealed class Charge
{
    private readonly Graduation[] _graduations;

    /// <summary>A charge as it is listed.</summary>
    public Charge(decimal unitPrice, Ratio multiplier, string why) : this(unitPrice, multiplier, new Reason(why), [], isExact: true)
    {
    }

    private Charge(decimal unitPrice, Ratio multiplier, Reason why, Graduation[] graduations, bool isExact)
    {
        (UnitPrice, Multiplier, Why, _graduations) = (unitPrice, multiplier, why, graduations);
        IsExact = isExact && AllStepsFit(0, multiplier);
    }

    /// <summary>As it is listed, in the tariff's unit of money.</summary>
    public decimal UnitPrice { get; }

    /// <summary>All factors on it together.</summary>
    public Ratio Multiplier { get; }

    /// <summary>What a bill says.</summary>
    public Reason Why { get; }

    /// <summary>The running counts that change it further; most charges have none.</summary>
    public IReadOnlyList<Graduation> Graduations => _graduations;

    /// <summary>The same, to be walked without an enumerator.</summary>
    internal Graduation[] Counted => _graduations;

    /// <summary>False if its factors together leave 63 bits, in any step of its running counts.</summary>
    internal bool IsExact { get; }

    /// <summary>The charge with one factor more.</summary>
    public Charge Times(Ratio factor, string why)
    {
        var fits = Ratio.TryMultiply(Multiplier, factor, out var product);
        return new Charge(UnitPrice, product, new Reason(why, Why), _graduations, IsExact && fits);
    }

    /// <summary>The charge with one running count more.</summary>
    public Charge By(Graduation graduation) => new(UnitPrice, Multiplier, Why, [.. _graduations, graduation], IsExact);

    private bool AllStepsFit(int at, Ratio factor)
    {
        if (at == _graduations.Length) return true;
        foreach (var step in _graduations[at].Steps)
        {
            if (!Ratio.TryMultiply(factor, step.Multiplier, out var product) || !AllStepsFit(at + 1, product)) return false;
        }
        return true;
    }
}
