using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Model;
using Enforcer.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Ledger.Tests.Parts;

/// <summary>The token bucket against one of fractions, over any rates, steps and clocks; also at the bounds.</summary>
public sealed class BucketProperties
{
    private static Gen<long> Sizes => Gen.OneOf(
        Gen.Choose(1, 100).Select(n => (long)n), Gen.Choose(1, int.MaxValue).Select(n => (long)n), Gen.Constant(LedgerBounds.MaxRate));

    private static Gen<(long WaitMs, long Take)> Step =>
        from wait in Gen.OneOf(Gen.Choose(-5_000, 5_000).Select(n => (long)n), Gen.Choose(0, int.MaxValue).Select(n => n * 1_000L))
        from take in Gen.OneOf(Gen.Choose(-10, 50).Select(n => (long)n), Gen.Choose(0, int.MaxValue).Select(n => (long)n))
        select (wait, take);

    [Fact]
    public void It_holds_what_fractions_hold() => Properties.Holds(
        Arb.From(from rate in Sizes from burst in Sizes from steps in Gen.ArrayOf(Step) select (new RateLimit(rate, burst), steps)),
        Compare,
        runs: 1_000);

    [Fact]
    public void No_step_leaves_its_bounds()
    {
        var limit = new RateLimit(LedgerBounds.MaxRate, LedgerBounds.MaxRate);
        var bucket = TokenBucket.Full(limit, 0, 0);
        foreach (var amount in new[] { long.MaxValue, long.MaxValue, LedgerBounds.MaxTokens, long.MinValue, long.MinValue })
        {
            bucket = bucket.Take(amount, limit);
            Assert.InRange(bucket.Level, -(1L << 62), limit.Burst * TokenBucket.Scale);
            bucket = bucket.At(bucket.AtMs + 1, limit);
        }
        Assert.Equal(limit.Burst, bucket.At(long.MaxValue, limit).Available);
    }

    private static void Compare((RateLimit Limit, (long WaitMs, long Take)[] Steps) story)
    {
        var (limit, steps) = story;
        var nowMs = 1_000_000_000_000L;
        var actual = TokenBucket.Full(limit, nowMs, 0);
        var expected = new NaiveBucket(limit, nowMs, 0);
        foreach (var (waitMs, take) in steps)
        {
            nowMs += waitMs;
            Assert.Equal(expected.LevelAt(nowMs), actual.At(nowMs, limit).Level);
            Assert.Equal(expected.AvailableAt(nowMs), actual.At(nowMs, limit).Available);
            CheckWait(actual.At(nowMs, limit), limit, Math.Abs(take) % (limit.Burst + 1));
            expected.Pass(nowMs);
            expected.Take(take);
            actual = actual.At(nowMs, limit).Take(take, limit);
        }
    }

    /// <summary>The wait is exact: after it there is enough, a millisecond before there is not.</summary>
    private static void CheckWait(in TokenBucket bucket, RateLimit limit, long wanted)
    {
        if (bucket.Available >= wanted) return;
        var waitMs = bucket.MsUntil(wanted, limit);
        Assert.True(bucket.At(bucket.AtMs + waitMs, limit).Available >= wanted);
        Assert.True(waitMs == 1 || bucket.At(bucket.AtMs + waitMs - 1, limit).Available < wanted);
    }
}
