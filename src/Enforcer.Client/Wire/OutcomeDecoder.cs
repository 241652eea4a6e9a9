using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>Reads the entries of an <c>OutcomeBatch</c> into plain data. The tags are those of <c>enforcer/v1/edge.proto</c>.</summary>
internal ref struct OutcomeDecoder(ReadOnlySpan<byte> batch)
{
    private WireReader _batch = new(batch, GrpcStatus.Internal);

    /// <summary>The next outcome and the number of its command; false at the end of the batch.</summary>
    /// <exception cref="GrpcStatusException">The bytes are no outcomes.</exception>
    public bool TryRead(out ulong number, out SessionOutcome outcome)
    {
        while (_batch.TryReadTag(out var tag))
        {
            if (tag == 0x0A)
            {
                Read(_batch.ReadBytes(), out number, out outcome);
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
        long held = 0, tokens = 0, charged = 0, overrun = 0, expires = 0, seq = 0, output = 0, cost = 0;
        long? headroom = null;
        RefusalDetail? detail = null;
        var reader = new WireReader(bytes, GrpcStatus.Internal);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case 0x08: number = reader.ReadVarint(); break;
                case 0x10: refusal = unchecked((Refusal)(int)reader.ReadVarint()); break;
                case 0x18: held = unchecked((long)reader.ReadVarint()); break;
                case 0x20: tokens = unchecked((long)reader.ReadVarint()); break;
                case 0x28: charged = unchecked((long)reader.ReadVarint()); break;
                case 0x30: overrun = unchecked((long)reader.ReadVarint()); break;
                case 0x38: headroom = unchecked((long)reader.ReadVarint()); break;
                case 0x40: expires = unchecked((long)reader.ReadVarint()); break;
                case 0x4A: detail = ParseDetail(reader.ReadBytes()); break;
                case 0x50: seq = unchecked((long)reader.ReadVarint()); break;
                case 0x58: output = unchecked((long)reader.ReadVarint()); break;
                case 0x60: cost = unchecked((long)reader.ReadVarint()); break;
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
            OutputTokens = output,
            CostNanos = cost,
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
            throw new GrpcStatusException(GrpcStatus.Internal, "an outcome's detail is malformed; the peer does not speak enforcer.v1.", malformed);
        }
    }
}
