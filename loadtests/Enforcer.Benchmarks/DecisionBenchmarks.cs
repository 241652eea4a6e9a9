using BenchmarkDotNet.Attributes;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Rules;

namespace Enforcer.Benchmarks;

/// <summary>Decide and apply: one cycle is a Reserve and its Commit on an account with two caps and two buckets.</summary>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private const long StartMs = 1_772_452_800_000;
    private readonly AccountRules _rules = new(LedgerOptions.Default, WindowCalendar.Utc);
    private readonly EntryBuffer _entries = new();
    private AccountState _state = new();
    private ulong _made;

    /// <summary>How many other reservations are open meanwhile.</summary>
    [Params(0, 1_000)]
    public int Open { get; set; }

    [GlobalSetup]
    public void OpenAccount()
    {
        _state = new AccountState();
        var limits = new LimitSet(
            [new SpendLimit(SpendWindow.Life, LedgerBounds.MaxCapNanos), new SpendLimit(SpendWindow.Month, LedgerBounds.MaxCapNanos)],
            new RateLimit(LedgerBounds.MaxRate),
            new RateLimit(LedgerBounds.MaxRate));
        Decide(new Command { Kind = CommandKind.Open, OperationId = NewId(), Unit = "USD", Limits = limits });
        for (var i = 0; i < Open; i++) Decide(Reserve(NewId()));
    }

    [Benchmark]
    public long Cycle()
    {
        var id = NewId();
        Decide(Reserve(id));
        var outcome = Decide(new Command
        {
            Kind = CommandKind.Commit,
            OperationId = NewId(),
            ReservationId = id,
            AmountNanos = 700,
            Tokens = 70,
            Final = true,
        });
        return outcome.Seq;
    }

    private static Command Reserve(OperationId id) => new()
    {
        Kind = CommandKind.Reserve,
        OperationId = id,
        AmountNanos = 1_000,
        Tokens = 100,
        TtlMs = 60_000,
        Model = "gpt-5.5-mini",
    };

    private Outcome Decide(in Command command)
    {
        var outcome = _rules.Decide(_state, command, StartMs, History.NewOperation, _entries);
        return outcome.IsGranted ? outcome : throw new InvalidOperationException(outcome.ToString());
    }

    private OperationId NewId() => OperationId.NewV7(StartMs, 0, ++_made);
}
