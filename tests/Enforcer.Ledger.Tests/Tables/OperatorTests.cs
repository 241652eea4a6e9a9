using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>What operators do: reverse, change limits, top up, suspend, resume, close.</summary>
public sealed class OperatorTests
{
    [Theory]
    [InlineData("$1", "-$1", "$2", "$3")]
    [InlineData("$3", "-$3", "$0", "$5")]
    [InlineData(null, "-$3", "$0", "$5")]
    public void A_reversal_gives_back(string? amount, string charged, string committed, string headroom) => Account.With("$5")
        .Reserve("$3").Commit("$3").Reverse(amount).Answered(charged: charged, headroom: headroom)
        .Expect(committed: committed, headroom: headroom);

    [Fact]
    public void All_reversals_together_give_back_at_most_what_was_committed() => Account.With("$5")
        .Reserve("$3").CommitPart("$1").Commit("$2").Reverse("$2")
        .Reverse("$1.000000001").Refused(Refusal.ExceedsCommitted, "committed", "$0.000000001")
        .Reverse("$1").Expect(committed: "$0")
        .Reverse().Refused(Refusal.ExceedsCommitted).Expect(headroom: "$5");

    [Fact]
    public void What_partial_commits_booked_before_a_release_can_be_reversed() => Account.With("$5")
        .Reserve("$3").CommitPart("$1").Release().Reverse().Answered(charged: "-$1").Expect(committed: "$0");

    [Fact]
    public void What_expiry_charged_can_be_reversed() => Account.With("$5")
        .Reserve("$3").WaitMinutes(5).Reverse().Answered(charged: "-$3").Expect(committed: "$0", headroom: "$5");

    [Fact]
    public void An_open_reservation_cannot_be_reversed() => Account.With("$5")
        .Reserve("$3").CommitPart("$1").Reverse().Refused(Refusal.InvalidChange).Expect(committed: "$1", held: "$2");

    [Fact]
    public void Disputes_come_late() => Account.With("$5")
        .Reserve("$3").Commit("$3").WaitHours(24 * 90).Reverse("$1").Expect(committed: "$2");

    [Fact]
    public void A_reversal_is_counted_by_the_window_of_its_reservation() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$5"), Limit.Cap(SpendWindow.Life, "$9")))
        .Reserve("$3").Commit("$3").WaitHours(24).Reserve("$1", "today").Reverse()
        .Expect(limit: "day", committed: "$0", held: "$1").Expect(limit: "life", committed: "$0", headroom: "$8");

    [Fact]
    public void A_cap_below_use_lets_what_was_granted_stand_and_grants_nothing_new() => Account.With("$5")
        .Reserve("$3").Reserve("$1", "done").Commit("$1", "done").SetCap("$2").Expect(headroom: "-$2", overrun: "$0")
        .Reserve("$1").Refused(Refusal.ExceedsSpendCapInFlight, "life", "$3", inFlight: "$3")
        .Extend("$1", "call").Refused(Refusal.ExceedsSpendCapInFlight);

    [Fact]
    public void A_limit_that_stays_keeps_its_counts_and_one_that_goes_loses_them() => Account.With("$5")
        .Reserve("$3").Commit("$3").SetCap("$4").Expect(committed: "$3", headroom: "$1")
        .SetLimits(LimitSet.Unlimited).SetCap("$4").Expect(committed: "$0", headroom: "$4");

    [Fact]
    public void An_old_reservation_is_never_counted_by_a_new_limit_in_its_slot() => Account.With("$5")
        .Reserve("$3", "old")
        .SetLimits(Limit.Spend(Limit.Cap(SpendWindow.Day, "$2"))).Expect(limit: "day", held: "$0", headroom: "$2")
        .Reserve("$1", "new").Expect(limit: "day", held: "$1")
        .CommitPart("$2", "old").Expect(limit: "day", held: "$1", committed: "$0")
        .Commit("$2", "old").Expect(limit: "day", held: "$1", committed: "$0")
        .Reverse("$4", "old").Expect(limit: "day", headroom: "$1")
        .Commit("$1", "new").Expect(limit: "day", committed: "$1", held: "$0");

    [Fact]
    public void Slots_are_used_again_in_any_order()
    {
        var day = Limit.Cap(SpendWindow.Day, "$10");
        var week = Limit.Cap(SpendWindow.Week, "$20");
        var month = Limit.Cap(SpendWindow.Month, "$30");
        Account.With(limits: Limit.Spend(day, week)).Reserve("$1", "a")
            .SetLimits(Limit.Spend(month, week)).Reserve("$2", "b")
            .Expect(limit: "week", held: "$3").Expect(limit: "month", held: "$2")
            .SetLimits(Limit.Spend(day, month)).Reserve("$4", "c")
            .Expect(limit: "day", held: "$4").Expect(limit: "month", held: "$6")
            .Commit("$1", "a").Commit("$2", "b").Commit("$4", "c")
            .Expect(limit: "day", committed: "$4").Expect(limit: "month", committed: "$6");
    }

    [Fact]
    public void A_top_up_raises_the_balance() => Account.With("$5")
        .Reserve("$5").TopUp("$2").Answered(headroom: "$2").Reserve("$2", "next").Expect(headroom: "$0", held: "$7");

    [Fact]
    public void A_top_up_needs_a_balance() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Life, "$5", model: "gpt*"), Limit.Cap(SpendWindow.Day, "$5")))
        .TopUp("$1").Refused(Refusal.InvalidChange, "the account has no life-long spend limit to top up; set one first");

    [Fact]
    public void A_suspended_account_grants_nothing_until_it_is_resumed() => Account.With("$5")
        .Reserve("$1").Suspend()
        .Reserve("$1", "next").Refused(Refusal.Suspended)
        .Extend("$1").Refused(Refusal.Suspended)
        .Extend(ttlMs: 60_000).Refused(Refusal.Suspended)
        .TopUp("$1")
        .Resume().Extend("$1").Reserve("$1", "next").Expect(held: "$3");

    [Fact]
    public void A_repeated_suspend_does_not_undo_a_resume()
    {
        var account = Account.With("$5").Suspend();
        var suspend = new Commands.Command { Kind = Commands.CommandKind.Suspend, OperationId = account.NewId(), Actor = "ada" };
        account.Do(suspend).Resume().Do(suspend);
        Assert.Equal(AccountStatus.Active, account.State.Status);
    }

    [Fact]
    public void A_closed_account_stays_closed() => Account.With("$5")
        .Reserve("$1").Close()
        .Reserve("$1", "next").Refused(Refusal.Closed)
        .Resume().Refused(Refusal.Closed)
        .Suspend().Refused(Refusal.Closed)
        .TopUp("$1").Refused(Refusal.Closed)
        .SetCap("$9").Refused(Refusal.Closed)
        .Extend(ttlMs: 1, name: "call").Refused(Refusal.Closed)
        .WaitMinutes(5).Expire().Expect(committed: "$1")
        .Reverse("$1").Expect(committed: "$0");

    [Fact]
    public void An_account_is_opened_once() => Account.With("$5")
        .Do(new Commands.Command { Kind = Commands.CommandKind.Open, Unit = "EUR" })
        .Refused(Refusal.InvalidChange, "the account exists already; use another id, or set its limits");

    [Fact]
    public void What_was_never_opened_is_unknown() => Account.NeverOpened()
        .Reserve("$1").Refused(Refusal.UnknownAccount)
        .Do(new Commands.Command { Kind = Commands.CommandKind.Open, OperationId = OperationId.NewV7(1, 0, 1) })
        .Refused(Refusal.ExpiredOperation);

    [Fact]
    public void Who_asked_and_why_is_in_the_entry()
    {
        var entry = Account.With("$5").SetCap("$6").Journal[^1];
        Assert.Equal(("ada", "agreed"), (entry.Actor, entry.Reason));
        Assert.Equal(6 * Money.Dollar, entry.Limits!.Spend[0].CapNanos);
    }
}
