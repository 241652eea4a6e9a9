using System.Collections.Concurrent;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Journal.Reading;
using Enforcer.Journal.Tests.Support;
using Enforcer.Ledger;

namespace Enforcer.Storage.Postgres.Tests.Support;

/// <summary>A node as far as its journal is concerned: store, group commit, reader.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly TaskCompletionSource<LostRecords> _firstLoss = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _loads;

    private TestNode(string name, PostgresJournalStore store, GroupCommit journal)
    {
        Name = name;
        Store = store;
        Journal = journal;
        Reader = new AccountReader(journal, store, LedgerOptions.Default);
        journal.Lost += lost =>
        {
            Lost.Enqueue(lost);
            _firstLoss.TrySetResult(lost);
        };
    }

    public string Name { get; }

    public PostgresJournalStore Store { get; }

    public GroupCommit Journal { get; }

    public AccountReader Reader { get; }

    /// <summary>What was told as lost, so far.</summary>
    public ConcurrentQueue<LostRecords> Lost { get; } = new();

    /// <summary>The first loss; whoever waited for what was lost may have been told before.</summary>
    public Task<LostRecords> FirstLoss => _firstLoss.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public PostgresOwnership Ownership => Store.Ownership;

    public static Task<TestNode> StartAsync(string database, string name = "node-1") =>
        StartAsync(new PostgresOptions { ConnectionString = database, Node = name });

    public static async Task<TestNode> StartAsync(PostgresOptions options)
    {
        var store = PostgresJournalStore.ForNode(options);
        var fast = new JournalOptions { FirstRetryDelay = TimeSpan.FromMilliseconds(1), MaxRetryDelay = TimeSpan.FromMilliseconds(20) };
        return new TestNode(options.Node, store, await GroupCommit.OpenAsync(store, "test", fast, TimeProvider.System));
    }

    /// <summary>Loads an account, which claims it.</summary>
    public async Task<TestAccount> GetAsync(long account, long nowMs = 1_760_000_000_000) =>
        new(await Reader.LoadAsync(account), seed: NextSeed()) { NowMs = nowMs };

    /// <summary>Claims an account, opens it and makes some cycles durable.</summary>
    public async Task<TestAccount> NewAsync(long account, int cycles = 3)
    {
        var made = await GetAsync(account);
        made.Open(Journal);
        for (var i = 0; i < cycles; i++) await Journal.WhenDurableAsync(made.Cycle(Journal));
        return made;
    }

    public async Task ReadyAsync()
    {
        while (Journal.Readiness != JournalReadiness.Ready) await Task.Delay(1);
    }

    public bool IsLost(AccountTail tail) => Journal.IsLost(ref tail);

    /// <summary>No two loadings on any two nodes make the same operation ids.</summary>
    private int NextSeed() => (Interlocked.Increment(ref _loads) << 8) + BatchNumber.StreamOf(Journal.DurableBatch);

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await Store.DisposeAsync();
    }
}
