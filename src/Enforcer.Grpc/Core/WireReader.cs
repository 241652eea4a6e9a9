using System.Runtime.CompilerServices;

namespace Enforcer.Grpc;

/// <summary>
/// Reads the protobuf wire format in place, for callers that take frames from <see cref="GrpcStreamReader{T}.TryReadFrame"/> and
/// make no messages of them. It accepts and refuses what generated code accepts and refuses: a known number with another wire
/// type counts as an unknown field, and unknown fields are skipped, groups included.
/// </summary>
/// <param name="bytes">One message. Everything in it may be malformed.</param>
/// <param name="onMalformed">The status of what is thrown then: who is to blame depends on the side that reads.</param>
public ref struct WireReader(ReadOnlySpan<byte> bytes, GrpcStatus onMalformed)
{
    private const int MaxGroupDepth = 100;
    private readonly GrpcStatus _onMalformed = onMalformed;
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>How many bytes are not read yet.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>The next field's number and wire type; false at the end.</summary>
    /// <exception cref="GrpcStatusException">The bytes are no protobuf.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadTag(out uint tag)
    {
        if (_rest.IsEmpty)
        {
            tag = 0;
            return false;
        }
        tag = unchecked((uint)ReadVarint());
        if (tag >> 3 == 0)
            throw Malformed("a field has the number 0");
        return true;
    }

    /// <summary>A varint of at most ten bytes; what does not fit 64 bits is cut off.</summary>
    /// <exception cref="GrpcStatusException">The bytes end inside of it, or it is longer.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadVarint()
    {
        var rest = _rest;
        if (rest.Length > 0 && rest[0] < 0x80)
        {
            _rest = rest[1..];
            return rest[0];
        }
        return ReadLongVarint();
    }

    /// <summary>The bytes of a length-delimited field.</summary>
    /// <exception cref="GrpcStatusException">Fewer bytes follow than the length says.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = unchecked((uint)ReadVarint());
        if (length > (uint)_rest.Length)
            throw Malformed("a length runs past the end of its message");
        var read = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return read;
    }

    /// <summary>Skips the field whose tag was read.</summary>
    /// <exception cref="GrpcStatusException">The field is malformed.</exception>
    public void Skip(uint tag) => Skip(tag, 0);

    private readonly GrpcStatusException Malformed(string fact) =>
        new(_onMalformed, $"the message is malformed protobuf: {fact}; encode it as the service's .proto says.");

    private void Skip(uint tag, int depth)
    {
        switch (tag & 7)
        {
            case 0:
                ReadVarint();
                break;
            case 1:
                SkipBytes(8);
                break;
            case 2:
                ReadBytes();
                break;
            case 3:
                SkipGroup(tag >> 3, depth + 1);
                break;
            case 5:
                SkipBytes(4);
                break;
            case 4:
                throw Malformed("a group ends that never began");
            default:
                throw Malformed($"wire type {tag & 7} does not exist");
        }
    }

    private void SkipGroup(uint number, int depth)
    {
        if (depth > MaxGroupDepth)
            throw Malformed($"groups are nested deeper than {MaxGroupDepth}");
        while (TryReadTag(out var tag))
        {
            if ((tag & 7) == 4)
            {
                if (tag >> 3 != number)
                    throw Malformed("a group ends with the number of another");
                return;
            }
            Skip(tag, depth);
        }
        throw Malformed("a group does not end");
    }

    private void SkipBytes(int count)
    {
        if (_rest.Length < count)
            throw Malformed("a field runs past the end of its message");
        _rest = _rest[count..];
    }

    private ulong ReadLongVarint()
    {
        ulong value = 0;
        for (var i = 0; i < _rest.Length && i < 10; i++)
        {
            var part = _rest[i];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw Malformed(_rest.Length < 10 ? "a number runs past the end of its message" : "a number is longer than ten bytes");
    }
}
