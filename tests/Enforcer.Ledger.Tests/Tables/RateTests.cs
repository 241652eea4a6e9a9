using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Rates: buckets that fill by the millisecond, lose no remainder, and believe no clock too much. And concurrency.</summary>
public sealed class RateTests
{
    [Fact]
    public void A_burst_then_the_rate() => Account.With(limits: Limit.Requests(perMinute: 60, burst: 2))
        .Reserve("$1", "a").Reserve("$1", "b").ExpectRates(requests: 0)
        .Reserve("$1", "c").Refused(Refusal.RequestRate, "requests", "$0.000000001", retryAfterMs: 1_000)
        .Wait(999).Reserve("$1", "c").Refused(Refusal.RequestRate, retryAfterMs: 1)
        .Wait(1).Reserve("$1", "c").ExpectRates(requests: 0);

    [Fact]
    public void A_remainder_is_carried() => Account.With(limits: Limit.Requests(perMinute: 7, burst: 2))
        .Reserve("$1", "a").Reserve("$1", "b").Reserve("$1", "c").Refused(Refusal.RequestRate, retryAfterMs: 8_572)
        .Wait(8_572).Reserve("$1", "c")
        .Reserve("$1", "d").Refused(Refusal.RequestRate, retryAfterMs: 8_571); // four sevenths of a millisecond were left over

    [Fact]
    public void A_clock_that_jumps_ahead_gives_one_burst() => Account.With(limits: Limit.Requests(perMinute: 60, burst: 2))
        .Reserve("$1", "a").WaitHours(24 * 365 * 50).ExpectRates(requests: 2)
        .Reserve("$1", "b").Reserve("$1", "c").Reserve("$1", "d").Refused(Refusal.RequestRate);

    [Fact]
    public void A_clock_that_jumps_back_refills_nothing_twice()
    {
        var account = Account.With(limits: Limit.Requests(perMinute: 60, burst: 1)).Reserve("$1", "a").WaitMinutes(1).Reserve("$1", "b");
        var id = account.NewId();
        account.WaitMinutes(-1).Reserve("$1", "c", id: id).Refused(Refusal.RequestRate, retryAfterMs: 1_000)
            .WaitMinutes(1).Reserve("$1", "c", id: id).Refused(Refusal.RequestRate, retryAfterMs: 1_000)
            .Wait(1_000).Reserve("$1", "c", id: id);
    }

    [Theory]
    [InlineData(1_000, 200, 800)] // less was used: the difference returns
    [InlineData(1_000, 1_000, 0)]
    [InlineData(400, 600, 400)] // more was used: it is taken
    [InlineData(400, 3_000, -2_000)] // far more: the bucket goes below zero
    public void A_commit_settles_the_tokens(long estimated, long used, long left) => Account.With(limits: Limit.Tokens(60, 1_000))
        .Reserve("$1", tokens: estimated).ExpectRates(tokens: 1_000 - estimated).Commit("$1", tokens: used).ExpectRates(tokens: left);

    [Fact]
    public void A_bucket_in_debt_grants_nothing_until_it_is_paid_off() => Account.With(limits: Limit.Tokens(60, 1_000))
        .Reserve("$1", "running", tokens: 100).Reserve("$1", tokens: 100).Commit("$1", tokens: 1_000).ExpectRates(tokens: -100)
        .Reserve("$1", tokens: 1).Refused(Refusal.TokenRate, "tokens", retryAfterMs: 101_000)
        .Reserve("$1").Refused(Refusal.TokenRate, "tokens", retryAfterMs: 100_000) // also where nothing was estimated
        .Extend("$1", "running") // what runs is not stopped for it
        .Wait(100_000).Reserve("$1").Reserve("$1", tokens: 1).Refused(Refusal.TokenRate, retryAfterMs: 1_000);

    [Fact]
    public void As_many_tokens_as_there_are_between_at_least_and_the_number() => Account.With(limits: Limit.Tokens(60, 1_000))
        .Reserve("$1", "a", tokens: 5_000, atLeastTokens: 600).Answered(tokens: 1_000)
        .Wait(600_000).Expire().Reserve("$1", "b", tokens: 5_000, atLeastTokens: 601).Refused(Refusal.TokenRate, retryAfterMs: 1_000);

    [Fact]
    public void More_than_the_burst_never_fits() => Account.With(limits: Limit.Tokens(60, 1_000))
        .Reserve("$1", tokens: 1_001).Refused(Refusal.TokenRate, "tokens", retryAfterMs: 0);

    [Fact]
    public void Partial_commits_settle_their_own_tokens() => Account.With(limits: Limit.Tokens(60, 1_000))
        .Reserve("$1", tokens: 500).CommitPart("$0.1", tokens: 200).ExpectRates(tokens: 500)
        .CommitPart("$0.1", tokens: 400).ExpectRates(tokens: 400)
        .Commit("$0.1", tokens: 50).ExpectRates(tokens: 350);

    [Fact]
    public void A_bucket_that_stays_keeps_its_level_and_a_new_one_is_full() => Account.With(limits: Limit.Requests(60, 10))
        .Reserve("$1", "a").Reserve("$1", "b").ExpectRates(requests: 8)
        .SetLimits(Limit.Requests(60, 20)).ExpectRates(requests: 8)
        .SetLimits(Limit.Requests(60, 5)).ExpectRates(requests: 5)
        .SetLimits(LimitSet.Unlimited).SetLimits(Limit.Requests(60, 10)).ExpectRates(requests: 10);

    [Fact]
    public void A_bucket_gets_nothing_back_that_was_never_taken_from_it() => Account.With()
        .Reserve("$1", "old", tokens: 900).SetLimits(new LimitSet([], new RateLimit(1, 1), new RateLimit(1, 1_000)))
        .Reserve("$1", "new", tokens: 1_000).ExpectRates(requests: 0, tokens: 0)
        .Extend("$1", "old", tokens: 900).ExpectRates(tokens: 0)
        .Release("old").ExpectRates(requests: 0, tokens: 0);

    [Fact]
    public void As_many_calls_run_at_once_as_may() => Account.With(limits: Limit.Concurrency(2))
        .Reserve("$1", "a", ttlMs: 5_000).Reserve("$1", "b")
        .Reserve("$1", "c").Refused(Refusal.Concurrency, "concurrency", "$0.000000001", "$0.000000001", retryAfterMs: 5_000)
        .CommitPart("$1", "a").Reserve("$1", "c").Refused(Refusal.Concurrency)
        .Commit("$0", "a").Reserve("$1", "c")
        .SetLimits(Limit.Concurrency(1)).Release("b").Reserve("$1", "d").Refused(Refusal.Concurrency)
        .Release("c").Reserve("$1", "d").Expect(open: 1);
}
