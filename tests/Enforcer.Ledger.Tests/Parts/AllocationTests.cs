using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;
using Enforcer.Ledger.Rules;
using Enforcer.Ledger.Tests.Scenarios;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Rules;

namespace Enforcer.Ledger.Tests.Parts;

/// <summary>Deciding and applying allocates nothing in the steady state, granted or refused, with few or many calls in flight.</summary>
public sealed class AllocationTests
{
    private const int MostRounds = 100;

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
        Assert.Equal(0, BytesOfThousand(Cycle, expected: 0));

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

    /// <summary>The reservation remembers its prices until it ends, and each entry carries its own: an object for each. All else is worked out in place.</summary>
    [Fact]
    public void A_priced_cycle_allocates_what_its_entries_carry_and_nothing_else()
    {
        var account = Account.With("$1000");
        var calls = new Calls(new Markup(5));
        var reserve = calls.Reserve(prompt: 1_000, output: 500, atLeast: 1);
        var commit = calls.Commit(default, final: true, (UsageMeters.Input, 800), (UsageMeters.InputCached, 200), (UsageMeters.Output, 100), (UsageMeters.Requests, 1));
        var rules = new AccountRules(LedgerOptions.Default, WindowCalendar.Utc);
        var entries = new EntryBuffer();
        var nowMs = Account.Moment(Account.Start);
        ulong made = 1_000;
        for (var i = 0; i < 50; i++) Cycle();
        var carried = 2 * BytesOf(() => new PricedCall { Pin = "", Provider = "", Model = "" });
        Assert.Equal(1_000 * carried, BytesOfThousand(Cycle, expected: 1_000 * carried));

        void Cycle()
        {
            nowMs++;
            var id = NewId();
            Decide(reserve with { OperationId = id });
            Decide(commit with { OperationId = NewId(), ReservationId = id });
        }

        void Decide(in Command command)
        {
            if (!rules.Decide(account.State, command, nowMs, History.NewOperation, entries).IsGranted) throw new InvalidOperationException("It was refused.");
        }

        OperationId NewId() => OperationId.NewV7(nowMs, 0, ++made);
    }

    /// <summary>
    /// What a thousand cycles allocate when the runtime has compiled them for good, which it does in the background: until then objects that never leave a
    /// method are made on the heap.
    /// </summary>
    private static long BytesOfThousand(Action cycle, long expected)
    {
        for (var round = 1; ; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++) cycle();
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes == expected || round == MostRounds) return bytes;
            Thread.Sleep(300);
        }
    }

    private static long BytesOf(Func<object> make)
    {
        GC.KeepAlive(make());
        var before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(make());
        return GC.GetAllocatedBytesForCurrentThread() - before;
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
