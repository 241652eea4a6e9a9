using System.Buffers.Binary;
using System.Globalization;

namespace Enforcer.Ledger;

/// <summary>
/// The caller's name for one operation: a UUIDv7 or a ULID, 16 bytes in network byte order. Both begin with 48 bits of
/// Unix milliseconds, so the id's age is known without asking anybody (RFC 9562 section 5.7; ULID specification).
/// The id of a Reserve is also the id of the reservation that it makes.
/// </summary>
public readonly record struct OperationId(ulong High, ulong Low) : IComparable<OperationId>
{
    /// <summary>Bytes of an id on the wire and in the journal.</summary>
    public const int Size = 16;

    /// <summary>The id that names nothing: entries that no operation caused carry it.</summary>
    public static OperationId None => default;

    /// <summary>When the id was made, by its maker's clock: Unix milliseconds, 0 to 2^48 - 1.</summary>
    public long TimeMs => (long)(High >> 16);

    /// <summary>True for <see cref="None"/>.</summary>
    public bool IsNone => (High | Low) == 0;

    /// <summary>Reads 16 bytes in network byte order.</summary>
    /// <exception cref="ArgumentException">The span does not hold exactly 16 bytes.</exception>
    public static OperationId Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"An operation id is {Size} bytes (UUIDv7 or ULID), not {bytes.Length}.", nameof(bytes));
        return new OperationId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <summary>Writes 16 bytes in network byte order.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>The UUIDv7 with this time and these random bits (74 of them are used).</summary>
    public static OperationId NewV7(long timeMs, ulong randomHigh, ulong randomLow) => new(
        ((ulong)timeMs << 16) | 0x7000 | (randomHigh & 0x0FFF),
        0x8000_0000_0000_0000 | (randomLow & 0x3FFF_FFFF_FFFF_FFFF));

    /// <summary>Reads the 36 or 32 hexadecimal digits of a UUID.</summary>
    public static bool TryParse(string? text, out OperationId id)
    {
        id = default;
        if (!Guid.TryParse(text, CultureInfo.InvariantCulture, out var guid)) return false;
        Span<byte> bytes = stackalloc byte[Size];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        id = Read(bytes);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(OperationId other)
    {
        var high = High.CompareTo(other.High);
        return high != 0 ? high : Low.CompareTo(other.Low);
    }

    /// <summary>The id in the form of a UUID.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>Orders by time, then by the random bits.</summary>
    public static bool operator <(OperationId left, OperationId right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(OperationId left, OperationId right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(OperationId left, OperationId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(OperationId left, OperationId right) => left.CompareTo(right) >= 0;
}
