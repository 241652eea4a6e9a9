using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Cards;

/// <summary>One line of a rate card: what one unit of a meter costs, and when.</summary>
/// <param name="Meter">What is counted.</param>
/// <param name="UnitPrice">The price of one unit, at least 0, in the card's unit of money.</param>
/// <param name="Tier">The service tier that it is for.</param>
/// <param name="AbovePromptTokens">It counts for requests whose prompt has more tokens than this; 0 for all.</param>
public readonly record struct ListedRate(
    UsageMeter Meter, decimal UnitPrice, ServiceTier Tier = ServiceTier.Standard, long AbovePromptTokens = 0) : IComparable<ListedRate>
{
    /// <summary>By meter, then tier, then threshold.</summary>
    public int CompareTo(ListedRate other)
    {
        var order = Meter.CompareTo(other.Meter);
        if (order == 0) order = Tier.CompareTo(other.Tier);
        return order != 0 ? order : AbovePromptTokens.CompareTo(other.AbovePromptTokens);
    }

    /// <summary>Earlier on the card.</summary>
    public static bool operator <(ListedRate left, ListedRate right) => left.CompareTo(right) < 0;

    /// <summary>Later on the card.</summary>
    public static bool operator >(ListedRate left, ListedRate right) => left.CompareTo(right) > 0;

    /// <summary>Not later on the card.</summary>
    public static bool operator <=(ListedRate left, ListedRate right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier on the card.</summary>
    public static bool operator >=(ListedRate left, ListedRate right) => left.CompareTo(right) >= 0;

    /// <summary>"input 0.00001 above 272000 prompt tokens".</summary>
    public override string ToString()
    {
        var tier = Tier == ServiceTier.Standard ? "" : $" {ServiceTiers.NameOf(Tier)}";
        var above = AbovePromptTokens == 0 ? "" : $" above {AbovePromptTokens} prompt tokens";
        return $"{Meter} {ExactDecimal.Text(UnitPrice)}{tier}{above}";
    }
}
