using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>Reads the entries of an <c>OutcomeBatch</c> into plain data. The tags are those of <c>enforcer/v1/edge.proto</c>.</summary>
internal ref struct OutcomeDecoder(ReadOnlySpan<byte> batch)
{
    private WireReader _batch = new(batch);

    /// <summary>The next outcome and the number of its command; false at the end of the batch.</summary>
    /// <exception cref="InvalidDataException">The bytes are no outcomes.</exception>
    public bool TryRead(out ulong number, out SessionOutcome outcome)
    {
        while (!_batch.AtEnd)
        {
            var tag = _batch.Varint();
            if (tag == 0x0A)
            {
                Read(_batch.Bytes(), out number, out outcome);
                return true;
            }
            _batch.Skip(tag);
        }
        number = 0;
        outcome = default;
        return false;
    }

    private static void Read(ReadOnlySpan<byte> bytes, out ulong number, out SessionOutcome outcome)
    {
        number = 0;
        var refusal = Refusal.Granted;
        long held = 0, tokens = 0, charged = 0, overrun = 0, expires = 0, seq = 0;
        long? headroom = null;
        RefusalDetail? detail = null;
        var reader = new WireReader(bytes);
        while (!reader.AtEnd)
        {
            var tag = reader.Varint();
            switch (tag)
            {
                case 0x08: number = reader.Varint(); break;
                case 0x10: refusal = unchecked((Refusal)reader.Int64()); break;
                case 0x18: held = reader.Int64(); break;
                case 0x20: tokens = reader.Int64(); break;
                case 0x28: charged = reader.Int64(); break;
                case 0x30: overrun = reader.Int64(); break;
                case 0x38: headroom = reader.Int64(); break;
                case 0x40: expires = reader.Int64(); break;
                case 0x4A: detail = ParseDetail(reader.Bytes()); break;
                case 0x50: seq = reader.Int64(); break;
                default: reader.Skip(tag); break;
            }
        }
        outcome = new()
        {
            Refusal = refusal,
            HeldNanos = held,
            HeldTokens = tokens,
            ChargedNanos = charged,
            OverrunNanos = overrun,
            HeadroomNanos = headroom,
            ExpiresAtMs = expires,
            Seq = seq,
            Detail = detail,
        };
    }

    private static RefusalDetail ParseDetail(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return RefusalDetail.Parser.ParseFrom(bytes);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException malformed)
        {
            throw new InvalidDataException("an outcome's detail is malformed; the peer does not speak enforcer.v1.", malformed);
        }
    }
}
