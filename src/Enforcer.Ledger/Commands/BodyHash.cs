namespace Enforcer.Ledger.Commands;

/// <summary>
/// A small multiply-and-fold hash over 64-bit words, the same on every machine and in every version
/// (<see cref="HashCode"/> is seeded per process and therefore of no use in a journal).
/// </summary>
public struct BodyHash : IEquatable<BodyHash>
{
    private const ulong Prime = 0x9E37_79B9_7F4A_7C15;
    private ulong _state;

    /// <summary>The hash of all that was added.</summary>
    public readonly uint Value => unchecked((uint)(_state >> 32) ^ (uint)_state);

    /// <summary>Adds one word.</summary>
    public void Add(long word)
    {
        var high = Math.BigMul(_state ^ unchecked((ulong)word) ^ Prime, Prime, out var low);
        _state = high ^ low;
    }

    /// <summary>Adds a text, its length first; null and empty are the same.</summary>
    public void Add(string? text)
    {
        Add(text?.Length ?? 0);
        if (text is null) return;
        foreach (var c in text) Add(c);
    }

    /// <inheritdoc/>
    public readonly bool Equals(BodyHash other) => _state == other._state;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is BodyHash other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => unchecked((int)Value);

    /// <summary>Same words, same order.</summary>
    public static bool operator ==(BodyHash left, BodyHash right) => left.Equals(right);

    /// <summary>Other words, or another order.</summary>
    public static bool operator !=(BodyHash left, BodyHash right) => !left.Equals(right);
}
