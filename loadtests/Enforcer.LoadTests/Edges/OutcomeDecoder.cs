using Enforcer.Protocol.V1;

namespace Enforcer.LoadTests.Edges;

/// <summary>Reads the outcomes of an <c>OutcomeBatch</c> from its bytes, one after the other.</summary>
internal ref struct OutcomeDecoder(ReadOnlySpan<byte> batch)
{
    private const int WireVarint = 0;
    private const int WireLength = 2;

    private ReadOnlySpan<byte> _rest = batch;

    public bool TryNext(out EdgeAnswer answer)
    {
        answer = default;
        if (_rest.IsEmpty)
            return false;
        var tag = Varint(ref _rest);
        if (tag != ((1 << 3) | WireLength))
            throw new FormatException($"an OutcomeBatch holds field tag {tag}; only outcomes (10) are known");
        answer = Read(Take(ref _rest));
        return true;
    }

    private static EdgeAnswer Read(ReadOnlySpan<byte> outcome)
    {
        Span<long> fields = stackalloc long[16];
        fields.Clear();
        while (!outcome.IsEmpty)
        {
            var tag = Varint(ref outcome);
            var (field, wire) = ((int)(tag >> 3), (int)(tag & 7));
            if (wire == WireVarint)
                fields[field & 15] = unchecked((long)Varint(ref outcome));
            else if (wire == WireLength)
                Take(ref outcome);
            else
                throw new FormatException($"field {field} of an Outcome has the wire type {wire}; only 0 and 2 are known");
        }

        return new EdgeAnswer((int)fields[1], (Refusal)fields[2], fields[3], fields[5], fields[6], fields[10]);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> from)
    {
        var length = (int)Varint(ref from);
        var taken = from[..length];
        from = from[length..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> from)
    {
        var value = 0UL;
        for (var (i, shift) = (0, 0); ; i++, shift += 7)
        {
            value |= unchecked((ulong)(from[i] & 127) << shift);
            if (from[i] < 128)
            {
                from = from[(i + 1)..];
                return value;
            }
        }
    }
}
