using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Every operation takes effect at most once, whoever repeats it, and its answer stays the same.</summary>
public sealed class OperationTests
{
    private static readonly Command Body = new() { Kind = CommandKind.Reserve, AmountNanos = 2, Tokens = 3, TtlMs = 4_000, Model = "m", Tag = "t" };

    [Fact]
    public void A_repeat_gets_the_same_answer_and_has_no_second_effect()
    {
        var account = Account.With("$5");
        var reserve = Body with { OperationId = account.NewId() };
        var first = account.Do(reserve).Last;
        var entries = account.Journal.Count;
        account.Wait(1_000).Reload().Do(reserve).Expect(open: 1);
        Assert.Equal(first, account.Last);
        Assert.Equal(entries, account.Journal.Count);
        Assert.Equal(0, account.HistoryLookups);
    }

    [Fact]
    public void A_repeat_is_answered_even_after_its_reservation_has_ended()
    {
        var account = Account.With("$5");
        var reserve = Body with { OperationId = account.NewId() };
        var first = account.Do(reserve).Last;
        account.Do(new Command { Kind = CommandKind.Release, ReservationId = reserve.OperationId }).Do(reserve).Expect(open: 0);
        Assert.Equal(first, account.Last);
    }

    public static TheoryData<string> OtherBodies => [.. Bodies.Keys];

    [Theory]
    [MemberData(nameof(OtherBodies))]
    public void The_same_id_with_another_body_is_a_conflict(string difference)
    {
        var account = Account.With("$5");
        var id = account.NewId();
        account.Do(Body with { OperationId = id }).Do(Bodies[difference] with { OperationId = id }).Refused(Refusal.OperationConflict)
            .Expect(open: 1);
        Forget(account).Do(Bodies[difference] with { OperationId = id }).Refused(Refusal.OperationConflict);
    }

    [Fact]
    public void An_id_is_first_looked_for_in_memory_then_in_the_history()
    {
        var account = Account.With("$5");
        var reserve = Body with { OperationId = account.NewId() };
        var first = account.Do(reserve).Last;
        Forget(account);
        var (entries, asked) = (account.Journal.Count, account.HistoryLookups);
        account.Do(reserve);
        Assert.Equal(first, account.Last);
        Assert.Equal(entries, account.Journal.Count);
        Assert.Equal(1, account.HistoryLookups - asked);
    }

    [Fact]
    public void An_id_made_after_all_that_was_forgotten_is_new_without_asking()
    {
        var account = Forget(Account.With("$5")).Wait(5_000);
        var asked = account.HistoryLookups;
        account.Reserve("$1");
        Assert.Equal(1, account.HistoryLookups - asked);
        account.Wait(5_001).Reserve("$1", "next");
        Assert.Equal(1, account.HistoryLookups - asked);
    }

    [Theory]
    [InlineData(-86_400_001, Refusal.ExpiredOperation)]
    [InlineData(-86_400_000, Refusal.Granted)]
    [InlineData(0, Refusal.Granted)]
    [InlineData(5_000, Refusal.Granted)]
    [InlineData(5_001, Refusal.FutureOperation)]
    public void An_id_may_be_a_day_old_and_five_seconds_early(long madeAfterMs, Refusal refusal)
    {
        var account = Account.With("$5");
        account.Do(Body with { OperationId = OperationId.NewV7(account.NowMs + madeAfterMs, 5, 5) }).Refused(refusal);
    }

    [Fact]
    public void An_operation_that_was_made_early_is_not_forgotten_early()
    {
        var account = Account.With("$5");
        var early = Body with { OperationId = OperationId.NewV7(account.NowMs + 5_000, 5, 5) };
        var first = account.Do(early).Last;
        Forget(account).Wait(4_999).Do(early).Expect(open: 0);
        Assert.Equal(first, account.Last);
    }

    [Fact]
    public void The_id_of_an_open_reservation_cannot_be_reserved_with_again()
    {
        var account = Account.With("$5").Reserve("$1");
        account.Do(Body with { OperationId = account.IdOf("call") }).Refused(Refusal.OperationConflict)
            .Do(new Command { Kind = CommandKind.Release, OperationId = account.IdOf("call"), ReservationId = account.IdOf("call") })
            .Refused(Refusal.OperationConflict).Expect(open: 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void The_ring_keeps_the_newest_in_order_also_after_a_reload(int bound)
    {
        var account = Account.With(options: LedgerOptions.Default with { RememberedOperations = bound });
        for (var i = 1; i <= 12; i++)
        {
            account.Wait(10_000).Reserve("$1", $"{i}");
            if (i % 4 == 0) account.Reload();
            if (i % 3 == 0) account.State.Trim();
            var expected = Enumerable.Range(1, i).TakeLast(bound).Select(n => account.IdOf($"{n}")).ToArray();
            Assert.Equal(expected, account.State.Operations.ToArray().Select(o => o.Id).TakeLast(expected.Length));
        }
        Assert.Equal(bound, account.State.Operations.Count);
    }

    private static Dictionary<string, Command> Bodies { get; } = new()
    {
        ["amount"] = Body with { AmountNanos = 1 },
        ["at least"] = Body with { AtLeastNanos = 1 },
        ["tokens"] = Body with { Tokens = 2 },
        ["at least tokens"] = Body with { AtLeastTokens = 1 },
        ["time"] = Body with { TtlMs = 1 },
        ["model"] = Body with { Model = "n" },
        ["tag"] = Body with { Tag = null },
        ["model and tag swapped"] = Body with { Model = "t", Tag = "m" },
        ["kind"] = new Command { Kind = CommandKind.TopUp, AmountNanos = 2 },
    };

    /// <summary>Lets enough operations pass that the first ones leave the state.</summary>
    private static Account Forget(Account account)
    {
        for (var i = 0; i < LedgerOptions.Default.RememberedOperations / 2; i++) account.Reserve("$0.1", "passing").Release("passing");
        return account.Reserve("$0.1", "passing").Release("passing");
    }
}
