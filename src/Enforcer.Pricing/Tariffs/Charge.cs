using Enforcer.Pricing.Amounts;

namespace Enforcer.Pricing.Tariffs;

/// <summary>What one unit of a meter is charged, and why. A meter may have several charges: a list price and a markup per unit.</summary>
/// <param name="UnitPrice">As it is listed, in the tariff's unit of money.</param>
/// <param name="Multiplier">All factors on it together.</param>
/// <param name="Why">What a bill says: the list, then each rule that changed it.</param>
public sealed record Charge(decimal UnitPrice, Ratio Multiplier, string Why)
{
    /// <summary>The running counts that change it further; most charges have none.</summary>
    public IReadOnlyList<Graduation> Graduations => Counted;

    internal Graduation[] Counted { get; init; } = [];

    /// <summary>False if its factors together leave 63 bits, in any step of its running counts.</summary>
    internal bool IsExact { get; init; } = true;

    /// <summary>The charge with one factor more.</summary>
    public Charge Times(Ratio factor, string why)
    {
        var fits = Ratio.TryMultiply(Multiplier, factor, out var product);
        var times = this with { Multiplier = product, Why = $"{Why}; {why}" };
        return times with { IsExact = IsExact && fits && times.AllStepsFit(0, product) };
    }

    /// <summary>The charge with one running count more.</summary>
    public Charge By(Graduation graduation)
    {
        var by = this with { Counted = [.. Counted, graduation] };
        return by with { IsExact = IsExact && by.AllStepsFit(0, Multiplier) };
    }

    private bool AllStepsFit(int at, Ratio factor)
    {
        if (at == Counted.Length) return true;
        foreach (var step in Counted[at].Steps)
        {
            if (!Ratio.TryMultiply(factor, step.Multiplier, out var product) || !AllStepsFit(at + 1, product)) return false;
        }
        return true;
    }
}
