using System.Text;
using Enforcer.Ledger;
using Google.Protobuf;

namespace Enforcer.Cluster;

/// <summary>A frame that is written field by field in protobuf's form; it grows as needed and is used again and again.</summary>
public sealed class FrameBuffer
{
    private const int MostVarintBytes = 10;
    private byte[] _bytes = new byte[4 * 1024];

    /// <summary>How many bytes were written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Empties it. One that was unusually large gives its memory back.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > 4 << 20) _bytes = new byte[4 * 1024];
    }

    /// <summary>Begins a message as a field; give what is returned to <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        WriteTag(field, 2);
        _bytes[Length++] = 0;
        return Length;
    }

    /// <summary>Ends the message: its length is put before it.</summary>
    public void End(int start)
    {
        var length = Length - start;
        var extra = SizeOf((ulong)length) - 1;
        if (extra > 0)
        {
            Reserve(extra);
            _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + extra));
            Length += extra;
        }
        var at = start - 1;
        for (var rest = (uint)length; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                _bytes[at] = (byte)rest;
                return;
            }
            _bytes[at++] = unchecked((byte)(rest | 0x80));
        }
    }

    /// <summary>A number, unless it is 0.</summary>
    public void Write(int field, long value)
    {
        if (value != 0) WriteAlways(field, value);
    }

    /// <summary>A number.</summary>
    public void WriteAlways(int field, long value)
    {
        WriteTag(field, 0);
        WriteVarint(unchecked((ulong)value));
    }

    /// <summary>The 16 bytes of an id, unless there is none.</summary>
    public void Write(int field, OperationId id)
    {
        if (id.IsNone) return;
        WriteTag(field, 2);
        _bytes[Length++] = OperationId.Size;
        id.Write(_bytes.AsSpan(Length, OperationId.Size));
        Length += OperationId.Size;
    }

    /// <summary>A text, unless it is null.</summary>
    public void Write(int field, string? text)
    {
        if (text is null) return;
        var length = Encoding.UTF8.GetByteCount(text);
        WriteTag(field, 2, length);
        WriteVarint((ulong)length);
        Length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    /// <summary>Bytes.</summary>
    public void Write(int field, ReadOnlySpan<byte> bytes)
    {
        WriteTag(field, 2, bytes.Length);
        WriteVarint((ulong)bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>A message.</summary>
    public void Write(int field, IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var size = message.CalculateSize();
        WriteTag(field, 2, size);
        WriteVarint((ulong)size);
        message.WriteTo(_bytes.AsSpan(Length, size));
        Length += size;
    }

    private static int SizeOf(ulong value)
    {
        var size = 1;
        for (; value >= 0x80; value >>= 7) size++;
        return size;
    }

    private void WriteTag(int field, int wireType, int payload = OperationId.Size)
    {
        Reserve((2 * MostVarintBytes) + payload);
        WriteVarint((ulong)((field << 3) | wireType));
    }

    private void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes[Length++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }
        _bytes[Length++] = (byte)value;
    }

    private void Reserve(int bytes)
    {
        if (_bytes.Length - Length < bytes) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + bytes));
    }
}
