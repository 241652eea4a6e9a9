using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Extend: the same checks for more. A refusal means "stop now"; what is held stays held.</summary>
public sealed class ExtendTests
{
    [Theory]
    [InlineData("$1", "$3", "$2")]
    [InlineData("$3", "$5", "$0")]
    public void More_is_held_where_there_is_headroom(string more, string held, string headroom) => Account.With("$5")
        .Reserve("$2").Extend(more).Answered(held: held, headroom: headroom).Expect(held: held, headroom: headroom, open: 1);

    [Fact]
    public void A_refusal_leaves_what_is_held() => Account.With("$5")
        .Reserve("$2").Extend("$3.000000001").Refused(Refusal.ExceedsSpendCapInFlight, "life", "$0.000000001")
        .Expect(held: "$2", headroom: "$3");

    [Fact]
    public void Time_is_counted_from_now_and_never_shortened()
    {
        var account = Account.With("$5").Reserve("$2", ttlMs: 60_000);
        var expiry = account.Last.ExpiresAtMs;
        account.Wait(10_000).Extend(ttlMs: 30_000);
        Assert.Equal(expiry, account.Last.ExpiresAtMs);
        account.Extend(ttlMs: 60_000);
        Assert.Equal(expiry + 10_000, account.Last.ExpiresAtMs);
        account.Extend("$1");
        Assert.Equal(expiry + 10_000, account.Last.ExpiresAtMs);
        account.Wait(59_999).Expire().Expect(open: 1).Wait(1).Expire().Expect(open: 0);
    }

    [Fact]
    public void Time_alone_needs_no_headroom() => Account.With("$2")
        .Reserve("$2").SetCap("$1").Extend(ttlMs: 600_000).WaitMinutes(9).Expire().Expect(open: 1);

    [Fact]
    public void After_a_partial_commit_it_raises_what_is_left() => Account.With("$5")
        .Reserve("$2").CommitPart("$1.5").Extend("$1").Answered(held: "$1.5", headroom: "$2")
        .Commit("$1").Expect(committed: "$2.5", headroom: "$2.5");

    [Fact]
    public void Tokens_are_taken_from_the_bucket_and_settled_with_the_rest() => Account.With(limits: Limit.Tokens(60, 1000))
        .Reserve("$1", tokens: 600).Extend(tokens: 300).Answered(tokens: 900).ExpectRates(tokens: 100)
        .Extend(tokens: 101).Refused(Refusal.TokenRate, "tokens", retryAfterMs: 1_000)
        .Commit("$1", tokens: 700).ExpectRates(tokens: 300);

    [Fact]
    public void Across_midnight_it_asks_the_window_of_its_reservation() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$5")), at: "2026-03-02 23:59")
        .Reserve("$4").At("2026-03-03 00:01").Reserve("$5", "today").Expect(held: "$5", headroom: "$0")
        .Extend("$1").Answered(held: "$5")
        .Extend("$1").Refused(Refusal.ExceedsSpendCapInFlight, "day", "$1", retryAfterMs: 180_000)
        .Commit("$5").Expect(held: "$5", committed: "$0");

    [Fact]
    public void An_exhausted_window_that_has_passed_is_not_cured_by_time() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$5")), at: "2026-03-02 23:58")
        .Reserve("$4", "done").Commit("$4", "done").Reserve("$1").At("2026-03-03 00:01")
        .Extend("$3").Refused(Refusal.ExceedsSpendCap, "day", "$3", inFlight: "$1", retryAfterMs: 0);

    [Fact]
    public void Two_windows_back_nothing_more_is_granted_but_what_is_held_settles()
    {
        var account = Account.With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$5")), at: "2026-03-02 23:00").Reserve("$1", ttlMs: 86_400_000);
        account.At("2026-03-03 22:00").Extend(ttlMs: 86_400_000).At("2026-03-04 01:00").Expire()
            .Extend("$1").Refused(Refusal.ExceedsSpendCap, "day", "$1", retryAfterMs: 0)
            .Commit("$1").Expect(committed: "$0", held: "$0", open: 0);
        Assert.Equal(Money.Dollar, account.State.CommittedNanos);
    }

    [Fact]
    public void A_limit_set_since_does_not_count_it() => Account.With("$5")
        .Reserve("$2").SetLimits(Limit.Spend(Limit.Cap(SpendWindow.Month, "$1")))
        .Extend("$2").Answered(held: "$4").Expect(limit: "month", held: "$0", headroom: "$1");

    [Fact]
    public void An_expired_reservation_cannot_be_raised() => Account.With("$5")
        .Reserve("$2").WaitMinutes(5).Extend("$1").Refused(Refusal.ReservationFinished).Expect(committed: "$2", held: "$0");
}
