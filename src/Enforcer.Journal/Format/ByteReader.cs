using System.Buffers.Binary;
using System.Text;
using Enforcer.Ledger;

namespace Enforcer.Journal.Format;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Whatever the bytes are, it gives values or a <see cref="JournalCorruptException"/>.</summary>
internal ref struct ByteReader
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _bytes;

    public ByteReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Left => _bytes.Length - Position;

    public readonly bool IsAtEnd => Position == _bytes.Length;

    public byte ReadByte() => Position < _bytes.Length ? _bytes[Position++] : throw Ends();

    public ulong ReadUnsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            if (shift == 63 && next > 1) break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new JournalCorruptException($"The number before byte {Position} has more than 64 bits.");
    }

    /// <summary>A number of things of which each takes at least one of the bytes that are left.</summary>
    public int ReadCount()
    {
        var value = ReadUnsigned();
        return value <= (ulong)Left ? (int)value : throw new JournalCorruptException($"Byte {Position} counts {value}, but {Left} bytes are left.");
    }

    public int ReadInt32()
    {
        var value = ReadSigned();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new JournalCorruptException($"The number {value} before byte {Position} has more than 32 bits.");
    }

    public uint ReadMask()
    {
        var mask = ReadUnsigned();
        return mask <= uint.MaxValue ? (uint)mask : throw new JournalCorruptException($"The mask {mask:x} before byte {Position} has more than 32 bits.");
    }

    public long ReadSigned()
    {
        var value = ReadUnsigned();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    public long ReadDelta(long near) => unchecked(near + ReadSigned());

    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(sizeof(uint)));

    public OperationId ReadId(long nearMs)
    {
        var timeMs = ReadDelta(nearMs);
        if (timeMs is < 0 or >= 1L << 48) throw new JournalCorruptException($"The operation id before byte {Position} has the time {timeMs}.");
        var rest = ReadBytes(10);
        var high = ((ulong)timeMs << 16) | BinaryPrimitives.ReadUInt16LittleEndian(rest);
        return new OperationId(high, BinaryPrimitives.ReadUInt64LittleEndian(rest[2..]));
    }

    public string ReadText() => Text(ReadCount());

    public string? ReadOptionalText()
    {
        // Its length and one is there, so that 0 means none: the count may be one more than the bytes that are left.
        var count = ReadUnsigned();
        if (count == 0) return null;
        return count - 1 <= (ulong)Left ? Text((int)(count - 1)) : throw new JournalCorruptException($"Byte {Position} counts {count - 1}, but {Left} bytes are left.");
    }

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > Left) throw Ends();
        var bytes = _bytes.Slice(Position, count);
        Position += count;
        return bytes;
    }

    private string Text(int length)
    {
        try
        {
            return Utf8.GetString(ReadBytes(length));
        }
        catch (ArgumentException e)
        {
            throw new JournalCorruptException($"The text before byte {Position} is not UTF-8.", e);
        }
    }

    private readonly JournalCorruptException Ends() => new($"The bytes end at {_bytes.Length}, in the middle of something.");
}
