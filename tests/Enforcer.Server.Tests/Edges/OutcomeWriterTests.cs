using Enforcer.Ledger;
using Enforcer.Server.Edges.Wire;
using Enforcer.Server.Wire;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Tests.Edges;

/// <summary>The writer by hand writes byte for byte what generated code writes.</summary>
public sealed class OutcomeWriterTests
{
    private static readonly long[] Numbers = [0, 1, 127, 128, -1, 1L << 53, long.MaxValue - 1, long.MaxValue, long.MinValue];

    [Fact]
    public void Writes_what_generated_code_writes()
    {
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var outcome = Random(random);
            var number = unchecked((ulong)Number(random));
            var account = random.Next(2) == 0 ? null : "konto-ü";
            var text = new RefusalText(account, RefusalWords.Of(outcome));
            var target = new byte[OutcomeWriter.MaxBytes(outcome, text)];
            var written = target.AsSpan(0, OutcomeWriter.Write(target, number, outcome, text));
            Assert.Equal(Expected(number, outcome, account), written.ToArray());
        }
    }

    [Fact]
    public void Granting_makes_nothing()
    {
        var outcome = new Outcome { HeldNanos = 5, HeadroomNanos = 7, ExpiresAtMs = 1_800_000_000_000, Seq = 3 };
        var target = new byte[OutcomeWriter.MaxPlainBytes];
        OutcomeWriter.Write(target, 1, outcome, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) OutcomeWriter.Write(target, 1, outcome, default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Expected(ulong number, in Outcome outcome, string? account)
    {
        var message = Views.Of(outcome, account);
        message.Number = number;
        return new V1.OutcomeBatch { Outcomes = { message } }.ToByteArray();
    }

    private static Outcome Random(Random random) => new()
    {
        Refusal = random.Next(2) == 0 ? Refusal.Granted : (Refusal)random.Next((int)Refusal.BelowMarginFloor + 1),
        HeldNanos = Number(random),
        HeldTokens = Number(random),
        ChargedNanos = Number(random),
        OverrunNanos = Number(random),
        HeadroomNanos = Number(random),
        ExpiresAtMs = Number(random),
        Seq = Number(random),
        Limit = random.Next(2) == 0 ? null : "month Europe/Berlin gpt-5.5*",
        ShortBy = Number(random),
        InFlight = Number(random),
        RetryAfterMs = Number(random),
        OutputTokens = Number(random),
        CostNanos = Number(random),
        Near = random.Next(3) == 0 ? ["gpt-5.5-mini", "grün"] : null,
    };

    private static long Number(Random random) => random.Next(2) == 0 ? Numbers[random.Next(Numbers.Length)] : random.NextInt64(1L << random.Next(1, 63));
}
