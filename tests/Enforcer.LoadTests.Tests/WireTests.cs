using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Traffic;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.LoadTests.Tests;

/// <summary>The hand-written encoder and decoder against the generated messages.</summary>
public sealed class WireTests
{
    private static readonly UInt128 Id = new(0x0123_4567_89ab_7def, 0x8123_4567_89ab_cdef);
    private static readonly UInt128 Other = new(0x0123_4567_89ab_7fff, 0x8fff_4567_89ab_cdef);

    [Fact]
    public void Commands_are_what_the_generated_parser_reads()
    {
        var encoder = new CommandEncoder(AccountNames.Utf8(1_000));
        encoder.Add(0, new EdgeCommand(EdgeVerb.Reserve, Id, default, 7, 1L << 53, 300, 600_000));
        encoder.Add(300, new EdgeCommand(EdgeVerb.Commit, Other, Id, 999, 1, 0, 0));
        encoder.Add(2, new EdgeCommand(EdgeVerb.Release, Other, Id, 0, 0, 0, 0));

        var batch = CommandBatch.Parser.ParseFrom(encoder.Written.ToArray());

        Assert.Equal(
            new ReserveRequest { OperationId = Bytes(Id), Account = new AccountRef { Account = "load-7" }, AmountNanos = 1L << 53, AtLeastNanos = 300, TtlMs = 600_000 },
            batch.Commands[0].Reserve);
        Assert.Equal(300UL, batch.Commands[1].Number);
        Assert.Equal(
            new CommitRequest { OperationId = Bytes(Other), Account = new AccountRef { Account = "load-999" }, ReservationId = Bytes(Id), AmountNanos = 1, Final = true },
            batch.Commands[1].Commit);
        Assert.Equal(
            new ReleaseRequest { OperationId = Bytes(Other), Account = new AccountRef { Account = "load-0" }, ReservationId = Bytes(Id) },
            batch.Commands[2].Release);
    }

    [Fact]
    public void Outcomes_of_the_generated_writer_are_read_back()
    {
        var batch = new OutcomeBatch
        {
            Outcomes =
            {
                new Outcome { Number = 3, HeldNanos = long.MaxValue, ChargedNanos = -5, OverrunNanos = 9, HeadroomNanos = 0, Seq = 1_000_000, ExpiresAtMs = 1 },
                new Outcome { Number = 4, Refusal = Refusal.ExceedsSpendCap, Detail = new RefusalDetail { Message = "no", ShortBy = 5 } },
            },
        };

        var decoder = new OutcomeDecoder(batch.ToByteArray());

        Assert.True(decoder.TryNext(out var first));
        Assert.Equal(EdgeAnswer.From(batch.Outcomes[0]), first);
        Assert.True(decoder.TryNext(out var second));
        Assert.Equal(EdgeAnswer.From(batch.Outcomes[1]), second);
        Assert.False(decoder.TryNext(out _));
    }

    private static ByteString Bytes(UInt128 id)
    {
        var bytes = new byte[16];
        OperationIds.Write(id, bytes);
        return ByteString.CopyFrom(bytes);
    }
}
