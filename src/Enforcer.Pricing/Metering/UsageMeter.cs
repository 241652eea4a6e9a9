namespace Enforcer.Pricing.Metering;

/// <summary>
/// What is counted, in one form for all providers. Meters are disjoint: a cached input token is counted as <c>input_cached</c> and
/// nowhere else, a reasoning token as <c>reasoning</c> and not as <c>output</c> too, so a price is a sum over meters. The known ones are
/// in <see cref="UsageMeters"/>; any other unit is <c>custom.</c> and a name.
/// </summary>
public sealed class UsageMeter : IEquatable<UsageMeter>, IComparable<UsageMeter>
{
    private const string CustomPrefix = "custom.";
    private const int MostNameLength = 64;
    private readonly int _order;
    private readonly int _hash;

    internal UsageMeter(int order, string name, MeterSide side, UsageMeter? fallsBackTo, bool isCached, bool isFreeUnlessListed)
    {
        (_order, Name, Side, FallsBackTo, IsCached, IsFreeUnlessListed) = (order, name, side, fallsBackTo, isCached, isFreeUnlessListed);
        _hash = name.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>Its name in files and messages.</summary>
    public string Name { get; }

    /// <summary>Which part of a call it counts.</summary>
    public MeterSide Side { get; }

    /// <summary>True for tokens, whatever their side: service tiers and regions change the price of tokens alone.</summary>
    public bool IsToken => Side != MeterSide.None;

    /// <summary>The meter whose price counts where a seller lists none for this one; null if there is none.</summary>
    public UsageMeter? FallsBackTo { get; }

    /// <summary>True for tokens read from a provider's cache.</summary>
    public bool IsCached { get; }

    /// <summary>True for what upstreams do not sell (requests, seats, outcomes): unlisted, it costs nothing.</summary>
    public bool IsFreeUnlessListed { get; }

    /// <summary>A unit of one's own: <c>custom.</c> and lower-case letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, at most 64 in all.</summary>
    /// <exception cref="ArgumentException">The name breaks that rule.</exception>
    public static UsageMeter Custom(string name) =>
        TryParse(name, out var meter) && name.StartsWith(CustomPrefix, StringComparison.Ordinal)
            ? meter
            : throw new ArgumentException($"'{name}' names no unit of one's own: write custom. and lower-case letters, digits, _, - or ., at most {MostNameLength} in all.", nameof(name));

    /// <summary>The meter of a name; false if there is none.</summary>
    public static bool TryParse(string name, out UsageMeter meter)
    {
        if (UsageMeters.TryFind(name, out meter)) return true;
        if (!name.StartsWith(CustomPrefix, StringComparison.Ordinal) || name.Length > MostNameLength || name.Length == CustomPrefix.Length) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('_' or '-' or '.')) return false;
        }
        meter = new UsageMeter(int.MaxValue, name, MeterSide.None, fallsBackTo: null, isCached: false, isFreeUnlessListed: false);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(UsageMeter? other) => ReferenceEquals(this, other) || (other is not null && _order == int.MaxValue && Name == other.Name);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UsageMeter);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The order of the catalogue, in which lines are written; units of one's own come last, by name.</summary>
    public int CompareTo(UsageMeter? other)
    {
        if (other is null) return 1;
        var order = _order.CompareTo(other._order);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary>Same meter.</summary>
    public static bool operator ==(UsageMeter? left, UsageMeter? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Another meter.</summary>
    public static bool operator !=(UsageMeter? left, UsageMeter? right) => !(left == right);

    /// <summary>Earlier in the catalogue.</summary>
    public static bool operator <(UsageMeter left, UsageMeter right) => left.CompareTo(right) < 0;

    /// <summary>Later in the catalogue.</summary>
    public static bool operator >(UsageMeter left, UsageMeter right) => left.CompareTo(right) > 0;

    /// <summary>Earlier in the catalogue, or the same.</summary>
    public static bool operator <=(UsageMeter left, UsageMeter right) => left.CompareTo(right) <= 0;

    /// <summary>Later in the catalogue, or the same.</summary>
    public static bool operator >=(UsageMeter left, UsageMeter right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
