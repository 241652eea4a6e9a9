namespace Enforcer.Ledger.Commands;

/// <summary>
/// A small multiply-and-fold hash over 64-bit words, the same on every machine and in every version
/// (<see cref="HashCode"/> is seeded per process and therefore of no use in a journal).
/// </summary>
public struct BodyHash : IEquatable<BodyHash>
{
    private const ulong Prime = 0x9E37_79B9_7F4A_7C15;
    private const ulong OtherPrime = 0xD6E8_FEB8_6659_FD93;
    private ulong _state;

    /// <summary>The hash of all that was added.</summary>
    public readonly uint Value => unchecked((uint)(_state >> 32) ^ (uint)_state);

    /// <summary>Adds one word.</summary>
    public void Add(long word) => Add(word, 0);

    /// <summary>Adds two words, for the price of one multiplication.</summary>
    public void Add(long first, long second)
    {
        var high = Math.BigMul(unchecked((ulong)first) ^ Prime, _state ^ unchecked((ulong)second) ^ OtherPrime, out var low);
        _state = high ^ low;
    }

    /// <summary>Adds a text: its length and UTF-16 units, four to a little-endian word; null and empty are the same.</summary>
    public void Add(string? text)
    {
        ReadOnlySpan<char> rest = text;
        long length = rest.Length;
        do
        {
            Add(length, Word(rest));
            rest = rest[Math.Min(4, rest.Length)..];
        }
        while (rest.Length > 0);
    }

    private static long Word(ReadOnlySpan<char> text)
    {
        if (text.Length >= 4) return text[0] | ((long)text[1] << 16) | ((long)text[2] << 32) | unchecked((long)text[3] << 48);
        var word = 0L;
        foreach (var unit in text) word = (word << 16) | unit;
        return word;
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
