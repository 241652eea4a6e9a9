using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;
using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Journal.Tests.Support;

/// <summary>Entries with any value in any field, far beyond what the rules would make.</summary>
internal static class AnyEntry
{
    private static readonly string[] Texts = ["", "a", "gpt-5.5-mini", "Ünïcödé ✓ 🙂", new('x', 600)];

    public static Arbitrary<Entry> Arbitrary { get; } = Gen.Choose(int.MinValue, int.MaxValue).Select(seed => Make(new Random(seed))).ToArbitrary();

    public static Entry Make(Random random) => new()
    {
        Kind = (EntryKind)random.Next(1, 15),
        Seq = random.NextInt64(1, 1L << 50),
        AtMs = Number(random),
        OperationId = Id(random, out var operation),
        BodyHash = (uint)Maybe(random, random.Next()),
        ReservationId = random.Next(3) == 0 ? operation : Id(random, out _),
        HeldDeltaNanos = Number(random),
        CommittedDeltaNanos = Number(random),
        OverrunNanos = Number(random),
        Tokens = Number(random),
        TokensDelta = Number(random),
        RequestsDelta = (int)Maybe(random, random.Next(int.MinValue, int.MaxValue)),
        HeldAfterNanos = Number(random),
        TokensAfter = Number(random),
        ExpiresAtMs = Number(random),
        Final = random.Next(2) == 0,
        LimitMask = (uint)Maybe(random, random.NextInt64(uint.MaxValue)),
        ReservedSeq = Number(random),
        HeadroomNanos = random.Next(2) == 0 ? Ledger.Outcome.NoCap : Number(random),
        AmountNanos = Number(random),
        Slot = (int)Maybe(random, random.Next()),
        WindowStartMs = Number(random),
        Model = Text(random),
        Tag = Text(random),
        Unit = Text(random),
        Limits = random.Next(3) == 0 ? Limits(random) : null,
        Actor = Text(random),
        Reason = Text(random),
        Priced = random.Next(2) == 0 ? Priced(random) : null,
    };

    public static PricedCall Priced(Random random) => new()
    {
        Pin = Text(random) ?? "1:0123456789abcdef/0123456789abcdef",
        Provider = Text(random) ?? "anthropic",
        Model = Text(random) ?? "claude-opus-4-8",
        Bound = random.Next(2) == 0 ? Bound(random) : null,
        Usage = random.Next(2) == 0 ? Usage.Of((UsageMeters.Input, random.Next(9)), (UsageMeters.Output, random.NextInt64(1L << 53)), (UsageMeter.Custom("custom.x"), 1)) : null,
        Terms = random.Next(2) == 0 ? default : Terms(random),
        CostNanos = Number(random),
        AmountCostNanos = Number(random),
        PricedNanos = Number(random),
        IsEstimated = random.Next(2) == 0,
        Marks = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new CountMark(Text(random) ?? "tokens", Number(random), Number(random), Number(random)))],
        Period = (int)Maybe(random, random.Next()),
        ServedModel = Text(random),
        RequestId = Text(random),
        LatencyMs = Number(random),
    };

    private static UsageBound Bound(Random random) => new(
        [
            new MeterPool(random.NextInt64(1L << 53), MeterPool.TextPrompt),
            new MeterPool(random.Next(9), MeterPool.TextCompletion),
            new MeterPool(random.Next(9), MeterGroup.Of(UsageMeters.WebSearch, UsageMeters.ToolCall)),
        ],
        Terms(random), new CallTerms(ServiceTier.Batch, "eu"));

    private static CallTerms Terms(Random random) => new((ServiceTier)random.Next(5), Text(random));

    public static LimitSet Limits(Random random) => new(
        Enumerable.Range(0, random.Next(5)).Select(_ => new SpendLimit(
            (SpendWindow)random.Next(1, 5), Number(random), Text(random), Text(random), Text(random))),
        random.Next(2) == 0 ? null : new RateLimit(Number(random), Number(random)),
        random.Next(2) == 0 ? null : new RateLimit(Number(random)),
        (int)Maybe(random, random.Next()),
        (ExpiryPolicy)random.Next(1, 3));

    public static long Number(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => long.MaxValue,
        2 => long.MinValue,
        3 => random.Next(-100, 100),
        _ => random.NextInt64() >> random.Next(63),
    };

    public static OperationId Id(Random random, out OperationId id) =>
        id = random.Next(4) == 0 ? default : new OperationId((ulong)random.NextInt64() << random.Next(2), (ulong)random.NextInt64());

    private static long Maybe(Random random, long value) => random.Next(2) == 0 ? 0 : value;

    private static string? Text(Random random) => random.Next(2) == 0 ? null : Texts[random.Next(Texts.Length)];
}
