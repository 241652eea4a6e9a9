using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>
/// More reservations are due at once than one decision ends: the rest follows with the next ones, and until then it is held. Nobody can tell
/// the difference by what a reservation becomes, or by what a cap allows.
/// </summary>
public sealed class ManyDueTests
{
    private const int Many = 300;
    private const int Bound = LedgerBounds.MaxExpiriesPerDecision;

    [Fact]
    public void One_decision_ends_so_many_and_the_next_ones_the_rest()
    {
        var account = ManyDue(Limit.Life("$3"));
        foreach (var left in (int[])[Many - Bound, Many - (2 * Bound), 0])
        {
            var before = account.Journal.Count;
            account.Expire().Expect(headroom: "$0", open: left);
            Assert.InRange(account.Journal.Count - before, 1, Bound);
        }
        account.Expect(held: "$0", committed: "$3");
    }

    [Fact]
    public void What_is_due_but_has_not_ended_is_held() => ManyDue(Limit.ReleasingLife("$3"))
        .Reserve("$3", "all").Refused(Refusal.ExceedsSpendCapInFlight, "life", shortBy: "$1.72", inFlight: "$1.72", retryAfterMs: 1)
        .Expire().Expire().Expect(held: "$0", headroom: "$3", open: 0)
        .Reserve("$3", "all");

    [Fact]
    public void A_reservation_that_is_due_cannot_be_extended_wherever_it_stands() => ManyDue(Limit.Life("$5"))
        .Extend("$1", Last, ttlMs: 60_000).Refused(Refusal.ReservationFinished)
        // The past was asked for, so it was decided on twice.
        .Expect(open: Many - (2 * Bound) - 1);

    [Theory]
    [InlineData(ExpiryPolicy.Charge)]
    [InlineData(ExpiryPolicy.Release)]
    public void A_commit_of_a_reservation_that_is_due_comes_late_wherever_it_stands(ExpiryPolicy policy)
    {
        var account = ManyDue(new LimitSet([Limit.Cap(SpendWindow.Life, "$5")], onExpiry: policy)).Commit("$0.004", Last);
        var own = account.Journal.Where(entry => entry.ReservationId == account.IdOf(Last)).Select(entry => entry.Kind);
        Assert.Equal([EntryKind.Reserved, EntryKind.Expired, EntryKind.CommittedLate], own);
        account.Expire().Expire().Expect(held: "$0", committed: policy == ExpiryPolicy.Charge ? "$2.994" : "$0.004", open: 0);
    }

    [Fact]
    public void Each_is_charged_to_the_window_in_which_it_was_made()
    {
        var account = ManyDue(Limit.Spend(Limit.Cap(SpendWindow.Day, "$5")), at: "2026-03-02 23:59:59").At("2026-03-03 00:00:30");
        account.Reserve("$5", "today").Expire().Expire().Expect(held: "$5", committed: "$0", open: 1);
        Assert.Equal("$3", Money.Text(account.State.Counters[0]!.Previous.CommittedNanos));
    }

    [Fact]
    public void What_is_due_ends_as_it_was_agreed_when_its_time_came() => ManyDue(Limit.Life("$3"))
        .SetLimits(Limit.ReleasingLife("$3")).Refused(Refusal.Busy)
        .SetLimits(Limit.Life("$4")).Expire()
        .SetLimits(Limit.ReleasingLife("$3")).Expect(committed: "$3", open: 0);

    private const string Last = "call 299";

    /// <summary>Three hundred reservations of a cent that are all due.</summary>
    private static Account ManyDue(LimitSet limits, string at = Account.Start)
    {
        var account = Account.With(limits: limits, options: new LedgerOptions { RememberedOperations = 2 * Many }, at: at);
        for (var i = 0; i < Many; i++) account.Reserve("$0.01", $"call {i}", ttlMs: 1_000);
        return account.Wait(1_000);
    }
}
