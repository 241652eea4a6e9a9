using System.Text;
using Google.Protobuf;

namespace Enforcer.Client;

/// <summary>Writes protobuf fields into a span that is large enough. Canonical: the same bytes as generated code would write.</summary>
internal ref struct WireWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    public int Written { get; private set; }

    /// <summary>A number in variable length.</summary>
    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _target[Written++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }
        _target[Written++] = (byte)value;
    }

    /// <summary>A whole number; left out where it is 0, as proto3 has it.</summary>
    public void Int64(byte tag, long value)
    {
        if (value == 0)
            return;
        _target[Written++] = tag;
        Varint(unchecked((ulong)value));
    }

    public void Bool(byte tag, bool value)
    {
        if (!value)
            return;
        _target[Written++] = tag;
        _target[Written++] = 1;
    }

    /// <summary>An id as 16 bytes in network order.</summary>
    public void Id(byte tag, Guid value)
    {
        _target[Written++] = tag;
        _target[Written++] = 16;
        value.TryWriteBytes(_target[Written..], bigEndian: true, out _);
        Written += 16;
    }

    public void Text(byte tag, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        var start = Open(tag);
        Written += Encoding.UTF8.GetBytes(value, _target[Written..]);
        Close(start);
    }

    /// <summary>A message of generated code; left out where there is none.</summary>
    public void Message(byte tag, IMessage? value)
    {
        if (value is null)
            return;
        _target[Written++] = tag;
        var length = value.CalculateSize();
        Varint((ulong)length);
        value.WriteTo(_target.Slice(Written, length));
        Written += length;
    }

    /// <summary>Starts a nested message or text whose length is not known yet.</summary>
    public int Open(byte tag)
    {
        _target[Written++] = tag;
        return Written++;
    }

    /// <summary>Ends what <see cref="Open"/> started. Its length takes one byte nearly always; where it takes two, the content moves.</summary>
    public void Close(int start)
    {
        var length = Written - start - 1;
        if (length < 0x80)
        {
            _target[start] = (byte)length;
            return;
        }
        if (length >= 0x4000)
            throw new InvalidOperationException($"a nested message has {length} bytes; commands are bounded to far less.");
        _target.Slice(start + 1, length).CopyTo(_target[(start + 2)..]);
        _target[start] = unchecked((byte)(length | 0x80));
        _target[start + 1] = (byte)(length >> 7);
        Written++;
    }
}
