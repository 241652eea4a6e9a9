using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Limits;
using Enforcer.Testing.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>A whole node but for its front: journal, accounts, upkeep, cluster.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<Exception> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ClusterPorts _ports;
    private readonly MemoryNetwork _network;
    private readonly GroupCommit _journal;
    private readonly AccountHost _host;
    private readonly Task _upkeep;
    private bool _isKilled;

    private TestNode(string name, ClusterPorts ports, MemoryNetwork network, Membership membership, GroupCommit journal, ClusterOptions options, TimeProvider clock)
    {
        Name = name;
        _ports = ports;
        _network = network;
        _journal = journal;
        Membership = membership;
        Reader = new AccountReader(journal, ports.Store, LedgerOptions.Default);
        _host = new AccountHost(
            journal, Reader, LedgerOptions.Default, new HostOptions { ExpiryTickMs = 20, HeadsIntervalMs = 50 }, WindowCalendar.Utc, clock, NullLogger<AccountHost>.Instance);
        _upkeep = Task.Run(() => new HostUpkeep(_host, journal.Heads, clock, NullLogger<HostUpkeep>.Instance).RunAsync(_stopping.Token));
        Cluster = new ClusterNode(
            options, _host, _host, journal.Heads, LedgerOptions.Default, ports.Members, membership, ports.Ownership, ports.Network, new NoCalls(), clock, NullLogger<ClusterNode>.Instance);
        membership.Replaced += End;
        Cluster.Failed += End;
        network.Listen(name, Cluster.AnswerAsync);
        Cluster.Start(new Uri($"http://{name}:7070"));
    }

    public string Name { get; }

    public ClusterNode Cluster { get; }

    public Membership Membership { get; }

    public AccountReader Reader { get; }

    public IAccountEngine Engine => Cluster.Engine;

    /// <summary>Commands that were passed on to other nodes.</summary>
    public long PassedOn => Cluster.PassedOn;

    public IOwnership Ownership => _ports.Ownership;

    public IJournalStore Store => _ports.Store;

    /// <summary>Why the node had to end.</summary>
    public Task<Exception> Ended => _ended.Task;

    /// <summary>Short times, but long enough for a busy machine.</summary>
    public static ClusterOptions OptionsOf(string name) => new()
    {
        Node = name,
        Beat = TimeSpan.FromMilliseconds(50),
        DeadAfter = TimeSpan.FromMilliseconds(1_500),
        Lease = TimeSpan.FromMilliseconds(1_000),
        Settle = TimeSpan.FromMilliseconds(200),
        RequestTimeout = TimeSpan.FromSeconds(20),
    };

    public static async Task<TestNode> StartAsync(string name, ClusterPorts ports, MemoryNetwork network, TimeProvider clock, ClusterOptions? options = null)
    {
        options ??= OptionsOf(name);
        var membership = await Membership.JoinAsync(ports.Members, options, Guid.NewGuid(), "test", clock, NullLogger.Instance);
        TestNode? node = null;
        var fast = new JournalOptions { FirstRetryDelay = TimeSpan.FromMilliseconds(5), MaxRetryDelay = TimeSpan.FromMilliseconds(50), OnEnded = cause => node!.End(cause) };
        var journal = await GroupCommit.OpenAsync(ports.Store, name, fast, clock);
        return node = new TestNode(name, ports, network, membership, journal, options, clock);
    }

    /// <summary>Takes another node for dead and replaces it, although it lives.</summary>
    public Task ReplaceAsync(string node) => Eventually.Async(
        () => Ownership.TakeOverAsync(node, Cluster.View.Find(node)!.Row.Incarnation, default), node + " is replaced");

    /// <summary>Ends as a killed process does: it tells nobody, and nothing of it gets anywhere any more.</summary>
    public async Task KillAsync()
    {
        _isKilled = true;
        _network.Listen(Name, null);
        _network.Cut(Name);
        await StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isKilled) return;
        await StopAsync();
        await Membership.LeaveAsync();
    }

    private void End(Exception cause) => _ended.TrySetResult(cause);

    private async Task StopAsync()
    {
        await Cluster.DisposeAsync();
        _network.Listen(Name, null);
        await _stopping.CancelAsync();
        await _upkeep;
        _host.Dispose();
        await _journal.DisposeAsync();
        await _ports.Store.DisposeAsync();
        _stopping.Dispose();
    }
}
