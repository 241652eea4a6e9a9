using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Rules;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Everything is bounded, and at each bound there is a clear refusal and no arithmetic that overflows.</summary>
public sealed class BoundTests
{
    [Fact]
    public void Open_reservations_are_bounded() => Account.With(options: LedgerOptions.Default with { MaxOpenReservations = 2 })
        .Reserve("$1", "a").Reserve("$1", "b")
        .Reserve("$1", "c").Refused(Refusal.TooManyReservations)
        .Release("a").Reserve("$1", "c").Expect(open: 2);

    [Fact]
    public void Grants_end_at_two_to_the_62nd()
    {
        var account = Account.With();
        var reserve = new Command { Kind = CommandKind.Reserve, AmountNanos = LedgerBounds.MaxAmountNanos };
        for (var i = 0; i < 512; i++) account.Do(reserve);
        Assert.Equal(LedgerBounds.MaxTotalNanos, account.State.HeldNanos);
        account.Do(reserve with { AmountNanos = 1 }).Refused(Refusal.ExceedsSpendCap, "total");
        var last = account.Journal[^1].ReservationId;
        account.Do(new Command { Kind = CommandKind.Extend, ReservationId = last, AmountNanos = 1 }).Refused(Refusal.ExceedsSpendCap, "total")
            .WaitMinutes(5);
        while (account.State.Reservations.Count > 0) account.Expire();
        Assert.Equal((0, LedgerBounds.MaxTotalNanos), (account.State.HeldNanos, account.State.CommittedNanos));
        account.Do(new Command { Kind = CommandKind.Commit, ReservationId = last, Final = true });
        Assert.Equal(LedgerBounds.MaxTotalNanos - LedgerBounds.MaxAmountNanos, account.State.CommittedNanos);
    }

    [Fact]
    public void Commits_end_where_they_could_not_be_counted()
    {
        var account = Account.With("$5").Reserve("$1");
        var commit = new Command { Kind = CommandKind.Commit, ReservationId = account.IdOf("call"), AmountNanos = LedgerBounds.MaxAmountNanos };
        for (var i = 0; i < 1_022; i++) account.Do(commit);
        account.Do(commit).Refused(Refusal.ExceedsSpendCap, "total")
            .Commit("$0").Expect(open: 0)
            .Reserve("$1").Refused(Refusal.Overrun);
    }

    [Fact]
    public void Top_ups_end_at_the_highest_cap()
    {
        var account = Account.With(limits: Limit.Spend(new SpendLimit(SpendWindow.Life, LedgerBounds.MaxCapNanos - 1)));
        account.TopUp("$0.000000001").TopUp("$0.000000001")
            .Refused(Refusal.InvalidChange, "the cap would exceed the highest that can be set; top up less", shortBy: "$0.000000001");
    }

    [Fact]
    public void Thirty_two_limits_fit()
    {
        var limits = Enumerable.Range(0, LedgerBounds.MaxSpendLimits).Select(i => Limit.Cap(SpendWindow.Life, "$5", tag: $"t{i}")).ToArray();
        Account.With(limits: Limit.Spend(limits)).Reserve("$2", tag: "t31").Expect(limit: "life tag:t31", held: "$2").Expect(limit: "life tag:t0", held: "$0");
    }

    [Fact]
    public void Tokens_beyond_any_bucket_are_settled_without_overflow()
    {
        var account = Account.With().Reserve("$1", tokens: LedgerBounds.MaxTokens);
        for (var i = 0; i < 200; i++) account.Extend(tokens: LedgerBounds.MaxTokens);
        account.SetLimits(Limit.Tokens(1, 10)).ExpectRates(tokens: 10).Release().ExpectRates(tokens: 10);
    }

    /// <summary>The fold refuses what does not follow, and leaves the state as it was.</summary>
    [Theory]
    [InlineData("a gap", "Entry 5 does not follow entry 3.")]
    [InlineData("backwards", "is at 1 ms, before entry 3")]
    [InlineData("opened twice", "is Opened, but the account's status is Active")]
    [InlineData("reserved twice", "which is already open")]
    [InlineData("over the cap", "but limit 'life' has 4000000000")]
    [InlineData("not open", "which is not open")]
    [InlineData("no such slot", "opens a window in the empty slot 7")]
    [InlineData("unknown kind", "has the unknown kind 99")]
    public void An_entry_that_does_not_follow_is_refused(string fault, string message)
    {
        var account = Account.With("$5").Reserve("$1");
        var before = Snapshots.Text(account.State);
        var next = new Entry { Kind = EntryKind.Reserved, Seq = 4, AtMs = account.NowMs, ReservationId = account.NewId(), HeldDeltaNanos = 1, LimitMask = 1 };
        var entry = fault switch
        {
            "a gap" => next with { Seq = 5 },
            "backwards" => next with { AtMs = 1 },
            "opened twice" => next with { Kind = EntryKind.Opened },
            "reserved twice" => next with { ReservationId = account.IdOf("call") },
            "over the cap" => next with { HeldDeltaNanos = 4 * Money.Dollar + 1 },
            "not open" => next with { Kind = EntryKind.Committed },
            "no such slot" => next with { Kind = EntryKind.WindowOpened, Slot = 7 },
            _ => next with { Kind = (EntryKind)99 },
        };
        var refused = Assert.Throws<LedgerException>(() => Fold.Apply(account.State, entry, LedgerOptions.Default));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshots.Text(account.State));
    }
}
