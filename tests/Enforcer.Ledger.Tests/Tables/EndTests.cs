using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Release and Expire: exactly one end, and money that may have been spent is never freed by time.</summary>
public sealed class EndTests
{
    [Fact]
    public void A_release_returns_everything() => Account
        .With(limits: new([Limit.Cap(Ledger.Limits.SpendWindow.Life, "$5")], new(1, 1), new(60, 1000), concurrency: 1))
        .Reserve("$2", tokens: 400).ExpectRates(requests: 0, tokens: 600)
        .Release().Answered(held: "$0", charged: "$0", headroom: "$5").ExpectRates(requests: 1, tokens: 1000)
        .Expect(held: "$0", committed: "$0", open: 0)
        .Reserve("$5");

    [Fact]
    public void A_release_after_a_partial_commit_returns_the_rest_alone() => Account
        .With(limits: new([Limit.Cap(Ledger.Limits.SpendWindow.Life, "$5")], new(1, 1), new(60, 1000)))
        .Reserve("$2", tokens: 400).CommitPart("$0.5", tokens: 100)
        .Release().Answered(headroom: "$4.5").ExpectRates(requests: 0, tokens: 900)
        .Expect(held: "$0", committed: "$0.5", open: 0);

    [Fact]
    public void A_released_reservation_is_finished() => Account.With("$5")
        .Reserve("$2").Release()
        .Commit("$1").Refused(Refusal.ReservationFinished)
        .Release().Refused(Refusal.ReservationFinished)
        .Expect(committed: "$0", held: "$0");

    [Theory]
    [InlineData(299_999, 1, "$2", "$0")]
    [InlineData(300_000, 0, "$0", "$2")]
    [InlineData(900_000_000, 0, "$0", "$2")]
    public void By_default_expiry_charges_the_whole_hold(long afterMs, int open, string held, string committed) => Account.With("$5")
        .Reserve("$2").Wait(afterMs).Expire().Expect(held: held, committed: committed, headroom: "$3", open: open);

    [Fact]
    public void Expiry_charges_only_what_partial_commits_have_left() => Account.With("$5")
        .Reserve("$2").CommitPart("$0.5").WaitMinutes(5).Expire().Expect(held: "$0", committed: "$2", headroom: "$3");

    [Fact]
    public void Where_the_account_says_so_expiry_returns_the_hold() => Account
        .With(limits: new([Limit.Cap(Ledger.Limits.SpendWindow.Life, "$5")], new(1, 1), new(60, 1000), onExpiry: Ledger.Limits.ExpiryPolicy.Release))
        .Reserve("$2", tokens: 1000, ttlMs: 1_000).Wait(1_000).Expire()
        .Expect(held: "$0", committed: "$0", headroom: "$5", open: 0).ExpectRates(requests: 1, tokens: 1000);

    [Fact]
    public void Where_expiry_charges_tokens_and_request_stay_taken() => Account
        .With(limits: new([], new(1, 1), new(60, 1000)))
        .Reserve("$2", tokens: 1000, ttlMs: 1_000).Wait(1_000).Expire().ExpectRates(requests: 0, tokens: 1);

    [Fact]
    public void What_is_due_ends_before_any_command_is_looked_at() => Account.With("$5")
        .Reserve("$5").WaitMinutes(5).Reserve("$1", "next").Refused(Refusal.ExceedsSpendCap, "life", "$1", inFlight: "$0")
        .Expect(committed: "$5", held: "$0", open: 0);

    [Fact]
    public void What_is_due_ends_in_the_order_of_its_time() =>
        Assert.Equal(["second", "third", "first"], EndsOf(Account.With("$5")
            .Reserve("$1", "first", ttlMs: 3_000).Reserve("$1", "second", ttlMs: 1_000).Reserve("$1", "third", ttlMs: 1_000)
            .Wait(5_000).Expire()));

    [Fact]
    public void Looking_after_what_is_due_does_nothing_where_nothing_is()
    {
        var account = Account.With("$5").Reserve("$1");
        var entries = account.Journal.Count;
        account.Expire();
        Assert.Equal(entries, account.Journal.Count);
    }

    private static string[] EndsOf(Account account) => [.. account.Journal
        .Where(e => e.Kind == Entries.EntryKind.Expired)
        .Select(e => new[] { "first", "second", "third" }.Single(name => account.IdOf(name) == e.ReservationId))];
}
