using Enforcer.Cluster.Tests.Support;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Limits;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster.Tests.Wire;

/// <summary>What is written by hand is what generated code reads, and the other way round.</summary>
public sealed class CodecTests
{
    private static readonly LimitSet Limits = new([new SpendLimit(SpendWindow.Day, 5, "gpt*", "t", "Europe/Berlin")], new RateLimit(60, 10), concurrency: 3);

    public static TheoryData<Command> Commands =>
    [
        new Command { Kind = CommandKind.Reserve, OperationId = Money.NewId(), AmountNanos = 1L << 53, AtLeastNanos = 1, Tokens = 7, AtLeastTokens = 2, TtlMs = 9, Model = "gpt-5.5", Tag = "täg" },
        new Command { Kind = CommandKind.Extend, OperationId = Money.NewId(), ReservationId = Money.NewId(), AmountNanos = 3, TtlMs = 1_000 },
        Money.Commit(Money.NewId(), 0),
        new Command { Kind = CommandKind.Release, OperationId = Money.NewId(), ReservationId = Money.NewId() },
        new Command { Kind = CommandKind.Open, OperationId = Money.NewId(), Unit = "USD", Limits = Limits, Actor = "tok_1", Reason = new string('r', 300) },
        new Command { Kind = CommandKind.SetLimits, OperationId = Money.NewId(), Limits = LimitSet.Unlimited, Actor = "tok_1" },
        new Command { Kind = CommandKind.Reverse, OperationId = Money.NewId(), ReservationId = Money.NewId(), Actor = "tok_1", Reason = "wrong" },
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_comes_back_as_it_was(Command command)
    {
        var frame = new FrameBuffer();
        CommandCodec.Write(frame, PeerFields.Commands, ulong.MaxValue, long.MaxValue, command, 4_999);
        var message = Assert.Single(V1.PeerRequests.Parser.ParseFrom(frame.Written.Span).Commands);
        Assert.Equal((uint)command.Kind, message.Kind);
        var read = CommandCodec.Read(message.ToByteArray(), out var number, out var account, out var timeoutMs);
        Assert.Equal((ulong.MaxValue, long.MaxValue, 4_999), (number, account, timeoutMs));
        Assert.Equal(command, read);
        Assert.Equal(command.BodyHash(), read.BodyHash());
    }

    [Fact]
    public void What_a_newer_version_adds_is_passed_over()
    {
        var frame = new FrameBuffer();
        var command = Money.Reserve(5);
        CommandCodec.Write(frame, PeerFields.Commands, 1, 2, command, 0);
        // Field 90, a text; field 91, a number; a question of a kind that does not exist yet.
        byte[] newer = [.. V1.PeerRequests.Parser.ParseFrom(frame.Written.Span).Commands[0].ToByteArray(), 0xD2, 0x05, 0x01, (byte)'x', 0xD8, 0x05, 0x07];
        Assert.Equal(command, CommandCodec.Read(newer, out var number, out var account, out _));
        Assert.Equal((1ul, 2L), (number, account));
        Assert.Equal(Refusal.Unavailable, OutcomeCodec.Read(new V1.Outcome { Refusal = (V1.Refusal)250 }.ToByteArray(), out _).Refusal);
    }

    public static TheoryData<Outcome> Outcomes =>
    [
        new Outcome { HeldNanos = 5, HeldTokens = 6, HeadroomNanos = -7, ExpiresAtMs = 1_800_000_000_000, Seq = 9, OutputTokens = 11 },
        new Outcome { ChargedNanos = -3, OverrunNanos = 2, HeadroomNanos = Outcome.NoCap, Seq = 1, CostNanos = 4 },
        new Outcome { Refusal = Refusal.TokenRate, Limit = "tokens", ShortBy = 9, InFlight = 8, RetryAfterMs = 7, HeadroomNanos = 0, Seq = 3 },
        Outcome.Refuse(Refusal.Unavailable, 0),
    ];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void An_outcome_comes_back_as_it_was(Outcome outcome)
    {
        var frame = new FrameBuffer();
        OutcomeCodec.Write(frame, PeerFields.Outcomes, 77, outcome);
        var message = Assert.Single(V1.PeerAnswers.Parser.ParseFrom(frame.Written.Span).Outcomes);
        Assert.Equal((77ul, (int)outcome.Refusal, outcome.HeadroomNanos == Outcome.NoCap), (message.Number, (int)message.Refusal, !message.HasHeadroomNanos));
        Assert.Equal(outcome, OutcomeCodec.Read(message.ToByteArray(), out var number));
        Assert.Equal(77ul, number);
    }

    [Fact]
    public void Names_that_are_near_come_back_too()
    {
        var frame = new FrameBuffer();
        OutcomeCodec.Write(frame, PeerFields.Outcomes, 1, new Outcome { Refusal = Refusal.Unpriced, HeadroomNanos = Outcome.NoCap, Near = ["a", "b"] });
        var read = OutcomeCodec.Read(V1.PeerAnswers.Parser.ParseFrom(frame.Written.Span).Outcomes[0].ToByteArray(), out _);
        Assert.Equal(["a", "b"], read.Near!);
    }
}
