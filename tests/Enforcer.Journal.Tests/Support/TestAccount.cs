using Enforcer.Journal.Committing;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Rules;

namespace Enforcer.Journal.Tests.Support;

/// <summary>An account as a host holds it: state, tail, and the rules that make its entries.</summary>
internal sealed class TestAccount
{
    private static readonly AccountRules Rules = new(LedgerOptions.Default, WindowCalendar.Utc);
    private readonly EntryBuffer _entries = new();
    private readonly Random _random;
    private AccountTail _tail;

    public TestAccount(long account, int seed = 1)
    {
        _random = new Random(HashCode.Combine(account, seed));
        _tail = new AccountTail { Account = account };
        State = new AccountState();
    }

    public TestAccount(LoadedAccount loaded, int seed = 2)
    {
        _random = new Random(HashCode.Combine(loaded.Tail.Account, seed));
        _tail = loaded.Tail;
        State = loaded.State;
    }

    public AccountState State { get; }

    public AccountTail Tail => _tail;

    public OperationId LastId { get; private set; }

    public long NowMs { get; set; } = 1_760_000_000_000;

    public List<Entry> All { get; } = [];

    public AccountHead Head => AccountHead.Of(_tail, State);

    public AppendTicket Do(IJournal journal, Command command)
    {
        LastId = OperationId.NewV7(NowMs, (ulong)_random.NextInt64(), (ulong)_random.NextInt64());
        var outcome = Rules.Decide(State, command with { OperationId = LastId }, NowMs, History.NewOperation, _entries);
        Assert.True(outcome.IsGranted, outcome.ToString());
        var ticket = journal.Append(ref _tail, _entries.Entries);
        All.AddRange(_entries.Entries);
        return ticket;
    }

    public AppendTicket Open(IJournal journal) => Do(journal, new Command
    {
        Kind = CommandKind.Open,
        Unit = "USD",
        Limits = new LimitSet([new SpendLimit(SpendWindow.Life, 1_000_000_000_000), new SpendLimit(SpendWindow.Day, 500_000_000_000, "gpt-5*")], new RateLimit(1_000_000)),
        Actor = "operator",
    });

    public AppendTicket Reserve(IJournal journal, long nanos = 25_000_000, long ttlMs = 0) =>
        Do(journal, new Command { Kind = CommandKind.Reserve, AmountNanos = nanos, Tokens = 1200, Model = "gpt-5.5-mini", TtlMs = ttlMs });

    public AppendTicket Commit(IJournal journal, OperationId reservation, long nanos = 17_123_456) =>
        Do(journal, new Command { Kind = CommandKind.Commit, ReservationId = reservation, AmountNanos = nanos, Tokens = 800, Final = true });

    /// <summary>A reservation and its commit.</summary>
    public AppendTicket Cycle(IJournal journal)
    {
        NowMs += 7;
        Reserve(journal);
        return Commit(journal, LastId);
    }
}
