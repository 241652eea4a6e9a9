using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>Makes up rate cards, bounds, usage within them, and running counts.</summary>
internal static class Cases
{
    public static readonly string[] Counters = ["a", "b"];

    /// <summary>Making rules up takes longer than pricing by them.</summary>
    public const int UsagesPerCase = 4;

    private static readonly UsageMeter Widget = UsageMeter.Custom("custom.widget");

    private static readonly MeterGroup[] PoolMeters =
    [
        MeterPool.TextPrompt,
        MeterGroup.Of(UsageMeters.InputAudio, UsageMeters.InputAudioCached),
        MeterPool.TextCompletion,
        MeterGroup.Of(UsageMeters.WebSearch, UsageMeters.WebSearchHigh),
        MeterGroup.Of(UsageMeters.OutcomeResolved, UsageMeters.OutcomeFailed),
        MeterGroup.Of(UsageMeters.Requests),
        MeterGroup.Of(UsageMeters.Seats),
        MeterGroup.Of(Widget),
    ];

    private static readonly UsageMeter[] Priced =
    [
        UsageMeters.Input, UsageMeters.InputCached, UsageMeters.CacheWrite5m, UsageMeters.CacheWrite1h, UsageMeters.InputAudio,
        UsageMeters.Output, UsageMeters.Reasoning, UsageMeters.WebSearch, UsageMeters.WebSearchHigh, UsageMeters.Requests, Widget,
    ];

    public static Gen<Case> All =>
        from model in Model
        from upstream in Gen.Elements(0, 0, 1, 2).SelectMany(n => Gen.ArrayOf(Rules.Stack("USD"), n))
        from own in Rules.Stack("USD")
        from pools in Gen.ArrayOf(Quantity, PoolMeters.Length)
        let bound = new UsageBound(PoolMeters.Select((meters, i) => new MeterPool(pools[i], meters)), CallTerms.Standard)
        from terms in Gen.NonEmptyListOf(Terms)
        from used in Gen.ArrayOf(UsageWithin(bound), UsagesPerCase)
        from counts in Gen.ArrayOf(Counts, Counters.Length)
        select new Case(model, upstream, own, new UsageBound(bound.Pools, terms), [.. used.Select((usage, i) => (usage, terms[i % terms.Count]))], Range(counts));

    public static Gen<long> Quantity => Gen.Frequency(
        (1, Gen.Constant(0L)), (2, Gen.Choose(1, 5).Select(n => (long)n)), (4, Gen.Choose(1, 3_000).Select(n => (long)n)), (2, Gen.Choose(1, 2_000_000).Select(n => (long)n)));

    /// <summary>Rates of a model called "m": always an input and an output price, so that most things have a price.</summary>
    public static Gen<ModelRates> Model =>
        from rates in Gen.ArrayOf(Rate)
        from input in UnitPrice
        from output in UnitPrice
        from tiers in Gen.ArrayOf(from tier in Gen.Elements(ServiceTier.Batch, ServiceTier.Flex, ServiceTier.Fast) from factor in Factor select (tier, factor))
        from eu in Factor
        select new ModelRates("p", "m", rates
            .Append(new ListedRate(UsageMeters.Input, input)).Append(new ListedRate(UsageMeters.Output, output))
            .DistinctBy(r => (r.Meter, r.Tier, r.AbovePromptTokens)))
        {
            TierMultipliers = tiers.DistinctBy(t => t.tier).ToDictionary(t => t.tier, t => t.factor),
            RegionMultipliers = new Dictionary<string, Ratio> { ["eu"] = eu },
        };

    public static Gen<decimal> UnitPrice =>
        from digits in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Choose(1, 99)), (2, Gen.Choose(1, int.MaxValue)))
        from scale in digits < 100 ? Gen.Choose(4, 16) : Gen.Choose(9, 20)
        select new decimal(digits, 0, 0, false, (byte)scale);

    private static Gen<ListedRate> Rate =>
        from meter in Gen.Elements(Priced)
        from price in UnitPrice
        from tier in Gen.Elements(ServiceTier.Standard, ServiceTier.Standard, ServiceTier.Batch, ServiceTier.Priority)
        from above in Gen.Elements(0L, 0L, 100L, 1_000L)
        select new ListedRate(meter, price, meter.IsToken ? tier : ServiceTier.Standard, above);

    private static Gen<Ratio> Factor => Gen.Elements(Ratio.Of(1, 2), Ratio.Of(11, 10), Ratio.Of(6, 1), Ratio.Of(0.97m));

    private static Gen<CallTerms> Terms =>
        from tier in Gen.Elements(Enum.GetValues<ServiceTier>())
        from region in Gen.Elements(null, null, "eu", "nowhere")
        select new CallTerms(tier, region);

    /// <summary>Each pool cut at random among its meters, often used up.</summary>
    private static Gen<Usage> UsageWithin(UsageBound bound) =>
        from cuts in Gen.ArrayOf(Gen.Choose(0, 4), bound.Pools.Count * 8)
        select Usage.Of([.. bound.Pools.SelectMany((pool, i) => Split(pool, cuts.AsSpan(i * 8, 8).ToArray()))]);

    private static IEnumerable<(UsageMeter Meter, long Quantity)> Split(MeterPool pool, int[] cuts)
    {
        var left = pool.Most;
        for (var i = 0; i < pool.Meters.Meters.Count; i++)
        {
            var part = cuts[i] == 4 ? left : left * cuts[i] / 4;
            left -= part;
            yield return (pool.Meters.Meters[i], part);
        }
    }

    private static Gen<(long Least, long At, long Most)> Counts =>
        from three in Gen.ArrayOf(Quantity, 3)
        let sorted = three.Order().ToArray()
        select (sorted[0], sorted[1], sorted[2]);

    private static (RunningCounts Least, RunningCounts At, RunningCounts Most) Range((long Least, long At, long Most)[] counts) => (
        RunningCounts.Of([.. Counters.Select((name, i) => (name, counts[i].Least))]),
        RunningCounts.Of([.. Counters.Select((name, i) => (name, counts[i].At))]),
        RunningCounts.Of([.. Counters.Select((name, i) => (name, counts[i].Most))]));
}
