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

    /// <summary>The charge with one running count more.</summary>
    public Charge By(Graduation graduation) => this with { Counted = [.. Counted, graduation] };

    /// <summary>The charge with one factor more.</summary>
    public Charge Times(Ratio factor, string why) => this with { Multiplier = Multiplier * factor, Why = $"{Why}; {why}" };
}
