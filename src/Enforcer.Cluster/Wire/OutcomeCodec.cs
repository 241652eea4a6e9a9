using System.Text;
using Enforcer.Grpc;
using Enforcer.Ledger;

namespace Enforcer.Cluster;

/// <summary>
/// Outcomes between nodes: <c>enforcer.v1.Outcome</c>, as edges get them, but without words, which the node adds that tells the edge. What a newer version
/// adds is passed over.
/// </summary>
public static class OutcomeCodec
{
    private const int DetailField = 9;

    /// <summary>Writes an outcome as a field of a message.</summary>
    public static void Write(FrameBuffer frame, int field, ulong number, in Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var start = frame.Begin(field);
        frame.Write(1, unchecked((long)number));
        frame.Write(2, (long)outcome.Refusal);
        frame.Write(3, outcome.HeldNanos);
        frame.Write(4, outcome.HeldTokens);
        frame.Write(5, outcome.ChargedNanos);
        frame.Write(6, outcome.OverrunNanos);
        if (outcome.HeadroomNanos != Outcome.NoCap) frame.WriteAlways(7, outcome.HeadroomNanos);
        frame.Write(8, outcome.ExpiresAtMs);
        if (!outcome.IsGranted) WriteDetail(frame, outcome);
        frame.Write(10, outcome.Seq);
        frame.Write(11, outcome.OutputTokens);
        frame.Write(12, outcome.CostNanos);
        frame.End(start);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="GrpcStatusException">The bytes are no protobuf.</exception>
    public static Outcome Read(ReadOnlySpan<byte> bytes, out ulong number)
    {
        number = 0;
        var outcome = new Outcome { HeadroomNanos = Outcome.NoCap };
        var reader = new WireReader(bytes, GrpcStatus.Internal);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == ((DetailField << 3) | 2)) outcome = ReadDetail(reader.ReadBytes(), outcome);
            else if ((tag & 7) != 0) reader.Skip(tag);
            else if (tag >> 3 == 1) number = reader.ReadVarint();
            else outcome = With(outcome, tag >> 3, unchecked((long)reader.ReadVarint()));
        }
        return outcome;
    }

    private static void WriteDetail(FrameBuffer frame, in Outcome outcome)
    {
        var start = frame.Begin(DetailField);
        frame.Write(2, outcome.Limit);
        frame.Write(3, outcome.ShortBy);
        frame.Write(4, outcome.InFlight);
        frame.Write(5, outcome.RetryAfterMs);
        foreach (var near in outcome.Near ?? []) frame.Write(7, near);
        frame.End(start);
    }

    private static Outcome With(in Outcome outcome, uint field, long value) => field switch
    {
        // A newer version's refusal that this one has no name for: nothing took effect, and asking again is never wrong.
        2 => outcome with { Refusal = value is >= 0 and <= (long)Refusal.BelowMarginFloor ? (Refusal)value : Refusal.Unavailable },
        3 => outcome with { HeldNanos = value },
        4 => outcome with { HeldTokens = value },
        5 => outcome with { ChargedNanos = value },
        6 => outcome with { OverrunNanos = value },
        7 => outcome with { HeadroomNanos = value },
        8 => outcome with { ExpiresAtMs = value },
        10 => outcome with { Seq = value },
        11 => outcome with { OutputTokens = value },
        12 => outcome with { CostNanos = value },
        _ => outcome,
    };

    private static Outcome ReadDetail(ReadOnlySpan<byte> bytes, Outcome outcome)
    {
        var reader = new WireReader(bytes, GrpcStatus.Internal);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case (2 << 3) | 2: outcome = outcome with { Limit = Encoding.UTF8.GetString(reader.ReadBytes()) }; break;
                case 3 << 3: outcome = outcome with { ShortBy = unchecked((long)reader.ReadVarint()) }; break;
                case 4 << 3: outcome = outcome with { InFlight = unchecked((long)reader.ReadVarint()) }; break;
                case 5 << 3: outcome = outcome with { RetryAfterMs = unchecked((long)reader.ReadVarint()) }; break;
                case (7 << 3) | 2: outcome = outcome with { Near = [.. outcome.Near ?? [], Encoding.UTF8.GetString(reader.ReadBytes())] }; break;
                default: reader.Skip(tag); break;
            }
        }
        return outcome;
    }
}
