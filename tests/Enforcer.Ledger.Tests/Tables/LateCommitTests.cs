using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>
/// A commit that comes after its reservation has expired is always booked, exactly once. Until a final report, the charge of
/// the expiry stands and only reports beyond it add; a final report below it gives the difference back.
/// </summary>
public sealed class LateCommitTests
{
    // Steps: "early" commits come before the expiry, "part" and "final" after it. The last column is what the account has
    // committed in the end.
    [Theory]
    [InlineData("final $2", "-$4", "$2")] // lower: the difference comes back
    [InlineData("final $6", "$0", "$6")] // equal
    [InlineData("final $8", "$2", "$8")] // higher: the difference is added
    [InlineData("final $0", "-$6", "$0")] // no call was billed
    [InlineData("part $2", "$0", "$6")] // no final report yet: the charge stands
    [InlineData("part $2, final $1", "-$3", "$3")]
    [InlineData("part $2, part $3, final $0", "-$1", "$5")]
    [InlineData("part $4, part $4", "$2", "$8")] // reports beyond the charge add
    [InlineData("part $8", "$2", "$8")]
    [InlineData("part $8, part $1", "$1", "$9")]
    [InlineData("part $8, final $0", "$0", "$8")]
    [InlineData("part $8, final $1", "$1", "$9")]
    [InlineData("part $2, final $7", "$3", "$9")]
    [InlineData("early $1, final $2", "-$3", "$3")] // $1 is settled, $5 were charged
    [InlineData("early $1, final $5", "$0", "$6")]
    [InlineData("early $1, part $6, final $1", "$1", "$8")]
    [InlineData("early $1, early $2, final $0", "-$3", "$3")]
    [InlineData("early $7, final $0", "$0", "$7")] // nothing was left to charge
    [InlineData("early $7, final $1", "$1", "$8")]
    public void After_a_charge_of_a_hold_of_six(string steps, string lastCharge, string committed)
    {
        var account = Run(Account.With("$20").Reserve("$6"), steps);
        account.Answered(held: "$0", charged: lastCharge, overrun: "$0").Expect(held: "$0", committed: committed, open: 0);
    }

    [Theory]
    [InlineData("final $2", "$2", "$2")]
    [InlineData("final $0", "$0", "$0")]
    [InlineData("part $2, part $3", "$3", "$5")]
    [InlineData("part $2, final $1", "$1", "$3")]
    [InlineData("early $1, final $2", "$2", "$3")]
    public void Where_expiry_returns_the_hold_a_late_commit_books_all(string steps, string lastCharge, string committed)
    {
        var account = Run(Account.With(limits: Limit.ReleasingLife("$20")).Reserve("$6"), steps);
        account.Answered(charged: lastCharge).Expect(held: "$0", committed: committed);
    }

    [Fact]
    public void Nothing_follows_a_final_report() => Expired()
        .Commit("$2")
        .Commit("$1").Refused(Refusal.ReservationFinished)
        .CommitPart("$1").Refused(Refusal.ReservationFinished)
        .Expect(committed: "$2");

    [Fact]
    public void What_no_headroom_covers_is_an_overrun() => Account.With("$8")
        .Reserve("$6").WaitMinutes(6).Reserve("$1", "next")
        .Commit("$9").Answered(charged: "$3", overrun: "$2", headroom: "-$2")
        .Reserve("$1").Refused(Refusal.Overrun);

    [Fact]
    public void A_lower_report_pays_an_overrun_off() => Account.With("$6")
        .Reserve("$5", "slow").WaitMinutes(6).Reserve("$1").Commit("$3").Expect(overrun: "$2")
        .Commit("$2", "slow").Answered(charged: "-$3").Expect(overrun: "$0", headroom: "$1");

    [Theory]
    [InlineData("$2", "$1", "-$4", "$0")] // $6 charged, $2 given back by an operator, then $1 was real: the books cannot go below zero
    [InlineData("$2", "$5", "-$1", "$3")] // the operator's gift stands beside the correction
    [InlineData("$6", "$5", "$0", "$0")]
    [InlineData("$6", "$9", "$3", "$3")]
    public void What_was_reversed_is_not_given_back_twice(string reversed, string real, string charged, string committed) => Expired()
        .Reverse(reversed)
        .Commit(real).Answered(charged: charged)
        .Expect(committed: committed);

    [Fact]
    public void A_late_commit_settles_in_the_window_of_its_reservation() => Account
        .With(limits: Limit.Spend(Limit.Cap(Ledger.Limits.SpendWindow.Day, "$10")), at: "2026-03-02 23:58")
        .Reserve("$6").At("2026-03-03 00:10").Reserve("$3", "next").Expect(committed: "$0", held: "$3")
        .Commit("$2").Answered(charged: "-$4", headroom: "none")
        .Expect(committed: "$0", held: "$3", headroom: "$7");

    [Fact]
    public void A_late_commit_is_not_counted_by_a_limit_that_took_the_slot_since() => Account.With("$10")
        .Reserve("$6").SetLimits(Limit.Spend(Limit.Cap(Ledger.Limits.SpendWindow.Month, "$10"))).WaitMinutes(6).Expire()
        .Expect(limit: "month", committed: "$0", headroom: "$10")
        .Commit("$8").Answered(charged: "$2", overrun: "$0")
        .Expect(limit: "month", committed: "$0", headroom: "$10");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void An_expired_reservation_is_found_for_a_day_however_often_it_was_extended(int extends)
    {
        var account = Account.With("$20").Reserve("$6", ttlMs: 86_400_000);
        for (var i = 0; i < extends; i++) account.WaitHours(23).Extend(ttlMs: 86_400_000);
        account.WaitHours(24).Expire().Expect(committed: "$6", open: 0).WaitHours(24).Commit("$1").Expect(committed: "$1");
    }

    [Fact]
    public void A_reservation_lives_for_at_most_a_week_beyond_the_age_of_its_id()
    {
        var account = Account.With("$20").Reserve("$6", ttlMs: 86_400_000);
        var latest = account.NowMs + LedgerOptions.Default.LongestLifeMs;
        for (var day = 0; day < 8; day++) account.Wait(80_000_000).Extend(ttlMs: 86_400_000);
        Assert.Equal(latest, account.Last.ExpiresAtMs);
        account.WaitHours(24).Expire().Expect(open: 0)
            .WaitHours(24 * 3).Commit("$1").Refused(Refusal.UnknownReservation);
    }

    [Fact]
    public void Findings_older_than_the_expiry_are_asked_for_again_not_decided_on()
    {
        var account = Account.With("$20").Reserve("$6");
        var commit = new Commands.Command
        {
            Kind = Commands.CommandKind.Commit,
            OperationId = account.NewId(),
            ReservationId = account.IdOf("call"),
            AmountNanos = 1,
            Final = true,
        };
        var stale = Past.Of(account.Journal, commit);
        account.WaitMinutes(6).Expire();
        var rules = new Rules.AccountRules(LedgerOptions.Default, Account.Calendar);
        var outcome = rules.Decide(account.State, commit, account.NowMs, stale, new Entries.EntryBuffer());
        Assert.Equal(Refusal.NeedsHistory, outcome.Refusal);
    }

    [Fact]
    public void Late_tokens_settle_against_what_the_expiry_left_taken() => Account.With(limits: Limit.Tokens(60, 1000))
        .Reserve("$6", tokens: 600, ttlMs: 60_000).ExpectRates(tokens: 400)
        .WaitMinutes(1).Expire().ExpectRates(tokens: 460)
        .CommitPart("$1", tokens: 500).ExpectRates(tokens: 460)
        .CommitPart("$1", tokens: 200).ExpectRates(tokens: 360)
        .Commit("$1", tokens: 50).ExpectRates(tokens: 310);

    private static Account Expired() => Account.With("$20").Reserve("$6").WaitMinutes(6).Expire().Expect(committed: "$6", open: 0);

    private static Account Run(Account account, string steps)
    {
        var isExpired = false;
        foreach (var step in steps.Split(", "))
        {
            var (when, cost) = (step.Split(' ')[0], step.Split(' ')[1]);
            if (when != "early" && !isExpired)
            {
                account.WaitMinutes(6);
                isExpired = true;
            }
            account.Commit(cost, final: when == "final");
        }
        return account;
    }
}
