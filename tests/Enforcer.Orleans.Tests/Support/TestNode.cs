using System.Net;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Limits;
using Enforcer.Orleans;
using Enforcer.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

// The shared load knows a node by this name; here it is a silo and what it stands on.
namespace Enforcer.Cluster.Tests.Support;

/// <summary>A whole node but for its front: journal on PostgreSQL, accounts, upkeep, and a silo.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<Exception> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChangedAccounts _changed = new();
    private readonly GroupCommit _journal;
    private readonly Task _upkeep;
    private OrleansSilo? _silo;
    private bool _isKilled;

    private TestNode(string name, PostgresJournalStore store, GroupCommit journal, TaskCompletionSource<Exception> ended)
    {
        Name = name;
        Store = store;
        _journal = journal;
        _ended = ended;
        Reader = new AccountReader(journal, store, LedgerOptions.Default);
        Host = new AccountHost(
            journal, Reader, LedgerOptions.Default, new HostOptions { ExpiryTickMs = 20, HeadsIntervalMs = 50, Observer = _changed }, WindowCalendar.Utc, TimeProvider.System,
            NullLogger<AccountHost>.Instance);
        _upkeep = Task.Run(() => new HostUpkeep(Host, journal.Heads, TimeProvider.System, NullLogger<HostUpkeep>.Instance).RunAsync(_stopping.Token));
    }

    public string Name { get; }

    public PostgresJournalStore Store { get; }

    public AccountReader Reader { get; }

    public AccountHost Host { get; }

    public OrleansSilo Silo => _silo!;

    public IAccountEngine Engine => Silo.Engine;

    public IOwnership Ownership => Store.Ownership;

    /// <summary>Commands that were passed on to other silos.</summary>
    public long PassedOn => Silo.Services.GetRequiredService<SiloRouter>().PassedOn;

    /// <summary>Why the journal had to end.</summary>
    public Task<Exception> Ended => _ended.Task;

    public static async Task<TestNode> StartAsync(string database, string name, string clusterId)
    {
        var store = PostgresJournalStore.ForNode(new PostgresOptions { ConnectionString = database, Node = name });
        var ended = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var fast = new JournalOptions
        {
            FirstRetryDelay = TimeSpan.FromMilliseconds(5),
            MaxRetryDelay = TimeSpan.FromMilliseconds(50),
            OnEnded = cause => ended.TrySetResult(cause),
        };
        var siloName = OrleansSilo.NewName(name);
        var journal = await GroupCommit.OpenAsync(store, siloName, fast, TimeProvider.System);
        var node = new TestNode(name, store, journal, ended);
        var parts = new SiloParts { Name = siloName, Host = node.Host, Served = node.Host, Calls = new NoCalls(), Changed = node._changed, Heads = journal.Heads, Store = store, Ledger = LedgerOptions.Default };
        node._silo = await OrleansSilo.StartAsync(OptionsOf(database, name, clusterId), parts, TimeProvider.System, Logs);
        return node;
    }

    /// <summary>The silo is gone without a word; what it stood on lives on, as in a process that was frozen and wakes.</summary>
    public Task FreezeAsync() => Silo.AbandonAsync();

    /// <summary>Takes another node for dead and replaces it, although it lives.</summary>
    public Task ReplaceAsync(string node) => Eventually.Async(
        async () => await Ownership.TakeOverAsync(node, (await Store.Ownership.ReadNodesAsync()).Single(one => one.Node == node).Incarnation, default), node + " is replaced");

    /// <summary>Ends as a killed process does: the silo tells nobody, and nothing goes on.</summary>
    public async Task KillAsync()
    {
        _isKilled = true;
        await FreezeAsync();
        await StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isKilled) return;
        await Silo.DisposeAsync();
        await StopAsync();
    }

    /// <summary>Ends what a frozen silo stood on.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _upkeep;
        Host.Dispose();
        await _journal.DisposeAsync();
        await Store.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>Short times, but long enough for a busy machine.</summary>
    private static OrleansOptions OptionsOf(string database, string name, string clusterId) => new()
    {
        ConnectionString = database,
        Node = name,
        ClusterId = clusterId,
        Silo = new IPEndPoint(IPAddress.Loopback, 0),
        ProbeTimeout = TimeSpan.FromMilliseconds(500),
        RequestTimeout = TimeSpan.FromSeconds(20),
        PublishInterval = TimeSpan.FromMilliseconds(50),
    };

    // A variable rather than a setting of the tests: for whoever wants to see why a silo does what it does.
    private static ILoggerFactory Logs => Environment.GetEnvironmentVariable("SILO_LOGS") is { } path
        ? LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(new FileLogs(path)))
        : NullLoggerFactory.Instance;
}
