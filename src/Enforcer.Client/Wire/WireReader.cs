namespace Enforcer.Client;

/// <summary>Reads protobuf fields from a span. Everything it is given may be malformed.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <exception cref="InvalidDataException">The bytes end inside the number, or it has more than 64 bits.</exception>
    public ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < _rest.Length && i < 10; i++)
        {
            var b = _rest[i];
            value |= unchecked((ulong)(b & 0x7F) << (7 * i));
            if (b >= 0x80)
                continue;
            _rest = _rest[(i + 1)..];
            return value;
        }
        throw new InvalidDataException("an outcome holds a number without an end; the peer does not speak enforcer.v1.");
    }

    public long Int64() => unchecked((long)Varint());

    /// <exception cref="InvalidDataException">Fewer bytes follow than the length says.</exception>
    public ReadOnlySpan<byte> Bytes()
    {
        var length = Varint();
        if (length > (ulong)_rest.Length)
            throw new InvalidDataException($"an outcome's field says {length} bytes and {_rest.Length} follow; the peer does not speak enforcer.v1.");
        var bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return bytes;
    }

    /// <summary>Passes over a field that this version does not know.</summary>
    public void Skip(ulong tag)
    {
        switch (tag & 7)
        {
            case 0:
                Varint();
                break;
            case 1:
                Skip(8);
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Skip(4);
                break;
            default:
                throw new InvalidDataException($"an outcome's field has wire type {tag & 7}; the peer does not speak enforcer.v1.");
        }
    }

    private void Skip(int bytes)
    {
        if (_rest.Length < bytes)
            throw new InvalidDataException($"an outcome ends inside a field of {bytes} bytes; the peer does not speak enforcer.v1.");
        _rest = _rest[bytes..];
    }
}
