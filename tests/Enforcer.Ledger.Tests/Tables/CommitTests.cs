using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Commit: the real cost is booked, whatever it is; the unused rest returns; what no headroom covers is an overrun.</summary>
public sealed class CommitTests
{
    // A cap of $5, a hold of $2; others hold $2, so $1 is free.
    [Theory]
    [InlineData("$0", "$0", "$3")] // nothing was billed: an explicit zero
    [InlineData("$1.5", "$0", "$1.5")] // the rest returns
    [InlineData("$2", "$0", "$1")] // exactly the hold
    [InlineData("$2.5", "$0", "$0.5")] // above the hold, headroom covers it
    [InlineData("$3", "$0", "$0")] // above the hold, headroom covers all of it
    [InlineData("$3.000000001", "$0.000000001", "-$0.000000001")] // one nano more than there is
    [InlineData("$7", "$4", "-$4")] // much more
    public void A_final_commit_books_its_cost(string cost, string overrun, string headroom) => Account.With("$5")
        .Reserve("$2", "other").Reserve("$2")
        .Commit(cost).Answered(held: "$0", charged: cost, overrun: overrun, headroom: headroom)
        .Expect(held: "$2", committed: cost, overrun: overrun, headroom: headroom, open: 1);

    [Fact]
    public void Partial_commits_move_money_from_held_to_committed() => Account.With("$5")
        .Reserve("$2")
        .CommitPart("$0.5").Answered(held: "$1.5", charged: "$0.5", headroom: "$3")
        .CommitPart("$1").Answered(held: "$0.5", charged: "$1", headroom: "$3")
        .CommitPart("$0").Answered(held: "$0.5", charged: "$0")
        .Commit("$0.2").Answered(held: "$0", charged: "$0.2", headroom: "$3.3")
        .Expect(committed: "$1.7", held: "$0", open: 0);

    [Fact]
    public void A_partial_commit_above_the_hold_leaves_the_reservation_open_and_empty() => Account.With("$5")
        .Reserve("$2")
        .CommitPart("$3").Answered(held: "$0", charged: "$3", overrun: "$0", headroom: "$2")
        .CommitPart("$4").Answered(held: "$0", charged: "$4", overrun: "$2", headroom: "-$2")
        .Expect(committed: "$7", overrun: "$2", open: 1)
        .Commit("$1").Answered(overrun: "$1").Expect(committed: "$8", overrun: "$3", open: 0);

    [Fact]
    public void While_an_account_is_overrun_it_grants_nothing_new() => Account.With("$5")
        .Reserve("$2").Reserve("$2", "running").Commit("$4")
        .Expect(overrun: "$1", headroom: "-$1")
        .Reserve("$0.000000001").Refused(Refusal.Overrun)
        .Extend("$0.000000001", "running").Refused(Refusal.Overrun)
        .Extend(name: "running", ttlMs: 60_000).Expect(held: "$2")
        .Commit("$1", "running").Expect(overrun: "$0", headroom: "$0");

    [Fact]
    public void An_overrun_is_paid_off_by_a_hold_that_returns() => Overrun().Release("other").Expect(overrun: "$0", headroom: "$1");

    [Fact]
    public void An_overrun_is_paid_off_by_a_top_up() => Overrun().TopUp("$1").Expect(overrun: "$0", headroom: "$0");

    [Fact]
    public void An_overrun_is_paid_off_in_part_by_less() => Overrun().TopUp("$0.4").Expect(overrun: "$0.6", headroom: "-$0.6");

    [Fact]
    public void An_overrun_is_paid_off_by_a_higher_cap() => Overrun().SetCap("$6").Expect(overrun: "$0", headroom: "$0");

    [Fact]
    public void An_overrun_is_paid_off_by_a_reversal() => Overrun().Reverse("$1.5").Expect(overrun: "$0", headroom: "$0.5");

    [Fact]
    public void An_overrun_is_of_its_window_and_ends_with_it() => Account
        .With(limits: Limit.Spend(Limit.Cap(Ledger.Limits.SpendWindow.Day, "$5")))
        .Reserve("$5").Commit("$6").Expect(overrun: "$1")
        .Reserve("$1").Refused(Refusal.Overrun)
        .At("2026-03-03 00:00").Reserve("$5").Answered(headroom: "$0");

    [Fact]
    public void A_lowered_cap_is_no_overrun_and_commits_within_the_hold_make_none() => Account.With("$5")
        .Reserve("$4").SetCap("$1")
        .Commit("$3").Answered(overrun: "$0", headroom: "-$2")
        .Reserve("$1").Refused(Refusal.ExceedsSpendCap, shortBy: "$3");

    [Fact]
    public void A_suspended_account_settles_what_runs() => Account.With("$5")
        .Reserve("$2").Suspend().Commit("$1").Expect(committed: "$1", held: "$0");

    [Fact]
    public void A_closed_account_settles_what_runs() => Account.With("$5")
        .Reserve("$2").Close().CommitPart("$1").Commit("$3").Expect(committed: "$4", held: "$0");

    [Fact]
    public void A_committed_reservation_is_finished() => Account.With("$5")
        .Reserve("$2").Commit("$1")
        .Commit("$1").Refused(Refusal.ReservationFinished)
        .Release().Refused(Refusal.ReservationFinished)
        .Extend("$1").Refused(Refusal.ReservationFinished)
        .Expect(committed: "$1", headroom: "$4");

    [Fact]
    public void An_unknown_reservation_is_unknown() => Account.With("$5")
        .Do(new Commands.Command { Kind = Commands.CommandKind.Commit, ReservationId = new OperationId(ulong.MaxValue >> 18 << 16, 7), AmountNanos = 1 })
        .Refused(Refusal.UnknownReservation);

    /// <summary>$1 over a cap of $5, while another call still holds $2.</summary>
    private static Account Overrun() => Account.With("$5")
        .Reserve("$2", "other").Reserve("$2").Commit("$4").Expect(overrun: "$1", headroom: "-$1");
}
