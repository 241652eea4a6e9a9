using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Rules;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Parts;

/// <summary>Deciding and applying allocates nothing in the steady state, granted or refused, with few or many calls in flight.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(500)]
    public void A_cycle_allocates_nothing(int open)
    {
        var rules = new AccountRules(LedgerOptions.Default, WindowCalendar.Utc);
        var state = new AccountState();
        var entries = new EntryBuffer();
        var nowMs = Account.Moment(Account.Start);
        ulong made = 0;
        var limits = new LimitSet(
            [new SpendLimit(SpendWindow.Life, 1 << 30), new SpendLimit(SpendWindow.Day, 1 << 30, "gpt*")], new RateLimit(1 << 30), new RateLimit(1 << 30));
        Decide(new Command { Kind = CommandKind.Open, OperationId = NewId(), Limits = limits });
        for (var i = 0; i < open; i++) Decide(Reserve(NewId(), 1));
        for (var i = 0; i < 50; i++) Cycle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Cycle();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle()
        {
            nowMs++;
            var id = NewId();
            Decide(Reserve(id, 10));
            Decide(Reserve(NewId(), long.MaxValue >> 11));
            Decide(new Command { Kind = CommandKind.Commit, OperationId = NewId(), ReservationId = id, AmountNanos = 7, Tokens = 5, Final = true });
        }

        void Decide(in Command command) => rules.Decide(state, command, nowMs, History.NewOperation, entries);

        OperationId NewId() => OperationId.NewV7(nowMs, 0, ++made);
    }

    private static Command Reserve(OperationId id, long amount) => new()
    {
        Kind = CommandKind.Reserve,
        OperationId = id,
        AmountNanos = amount,
        Tokens = 9,
        TtlMs = 60_000,
        Model = "gpt-5.5",
    };
}
