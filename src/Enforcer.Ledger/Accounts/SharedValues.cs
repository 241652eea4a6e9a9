namespace Enforcer.Ledger.Accounts;

/// <summary>
/// Gives equal values the same instance, so that accounts with the same plan keep its limits in memory once. Bounded: what was
/// seen last displaces what has the same place. Nothing can be seen of it but memory, for the values never change. Safe for concurrent use.
/// </summary>
/// <typeparam name="T">Values that never change.</typeparam>
public sealed class SharedValues<T>
    where T : class, IEquatable<T>
{
    private const int Places = 1024;
    private readonly T?[] _places = new T?[Places];

    /// <summary>The instance that stands for this value: an equal one that was seen before, or this one from now on.</summary>
    public T Of(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ref var place = ref _places[unchecked((uint)value.GetHashCode()) % Places];
        if (Volatile.Read(ref place) is { } known && known.Equals(value)) return known;
        Volatile.Write(ref place, value);
        return value;
    }
}
