using System.Buffers.Binary;
using System.Text;

namespace Enforcer.Journal.Format;

/// <summary>
/// Writes whole numbers in as few bytes as they need (seven bits a byte, lowest first; signed ones zigzag), ids, and text. The
/// caller makes sure of the room.
/// </summary>
internal ref struct ByteWriter
{
    private readonly Span<byte> _bytes;

    public ByteWriter(Span<byte> bytes) => _bytes = bytes;

    public int Position { get; private set; }

    /// <summary>How many bytes a number takes.</summary>
    public static int LengthOf(uint value) => ((31 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7) + 1;

    public void WriteByte(byte value) => _bytes[Position++] = value;

    public void WriteUnsigned(ulong value)
    {
        var at = Position;
        while (value >= 0x80)
        {
            _bytes[at++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }
        _bytes[at++] = (byte)value;
        Position = at;
    }

    public void WriteCount(int value) => WriteUnsigned((uint)value);

    public void WriteSigned(long value) => WriteUnsigned(unchecked((ulong)((value << 1) ^ (value >> 63))));

    /// <summary>The difference to a value that is probably near; wraps around, so that every pair can be written.</summary>
    public void WriteDelta(long value, long near) => WriteSigned(unchecked(value - near));

    public void WriteFixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes[Position..], value);
        Position += sizeof(uint);
    }

    /// <summary>An operation id: its time relative to a moment, then the other ten bytes as they are.</summary>
    public void WriteId(Ledger.OperationId id, long nearMs)
    {
        WriteDelta(id.TimeMs, nearMs);
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes[Position..], unchecked((ushort)id.High));
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes[(Position + 2)..], id.Low);
        Position += 10;
    }

    public void WriteText(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteCount(length);
        Position += Encoding.UTF8.GetBytes(text, _bytes[Position..]);
    }

    /// <summary>Text that may be missing: its length plus one, or 0.</summary>
    public void WriteOptionalText(string? text)
    {
        if (text is null)
        {
            WriteByte(0);
            return;
        }
        WriteCount(Encoding.UTF8.GetByteCount(text) + 1);
        Position += Encoding.UTF8.GetBytes(text, _bytes[Position..]);
    }
}
