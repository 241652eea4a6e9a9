using Enforcer.Host;
using Enforcer.Journal.Committing;
using Enforcer.Ledger;
using Microsoft.Extensions.Logging;

namespace Enforcer.Cluster;

/// <summary>
/// One node among others, from its ports: what it holds itself, the registry, who owns what, the network. Make it when the journal is open, after
/// <see cref="Membership.JoinAsync"/>; start it when it can be reached; leave before stopping.
/// </summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(25);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Membership _membership;
    private readonly IMembers _members;
    private readonly Router _router;
    private readonly PeerLinks _links;
    private readonly PeerPorts _ports;
    private readonly Undertaker _undertaker;
    private readonly Balancer _balancer;
    private readonly IOwnership _ownership;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly HashSet<string> _toldSkew = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Puts the parts together; nothing runs yet.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="host">The accounts that it holds.</param>
    /// <param name="served">What commands of other nodes are handed to: the host itself, or what stands before it.</param>
    /// <param name="heads">Where the accounts' heads are written.</param>
    /// <param name="ledger">The ledger's options.</param>
    /// <param name="members">The registry.</param>
    /// <param name="membership">This node's place in it.</param>
    /// <param name="ownership">Who owns what.</param>
    /// <param name="network">How other nodes are reached.</param>
    /// <param name="calls">How what commands say of their calls travels.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="log">Where to write.</param>
    public ClusterNode(
        ClusterOptions options, AccountHost host, IAccountEngine served, JournalHeads heads, LedgerOptions ledger, IMembers members, Membership membership,
        IOwnership ownership, IPeerNetwork network, ICallMessages calls, TimeProvider clock, ILogger<ClusterNode> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(host);
        var work = host.Options.Work;
        ownership = new WatchedOwnership(ownership, fenced => Failed?.Invoke(fenced));
        (_membership, _members, _ownership, _clock, _log) = (membership, members, ownership, clock, log);
        _links = new PeerLinks(membership, network, options, clock, work, log);
        _router = new Router(host, membership, _links, calls, options, clock);
        var questions = new OwnerQuestions(_router, membership, _links, clock, work);
        Engine = new ClusterEngine(host, membership, ownership, _router, questions, ledger, clock);
        _ports = new PeerPorts(Engine, served, calls, ownership, clock, log);
        _undertaker = new Undertaker(membership, ownership, options, clock, work, log);
        _balancer = new Balancer(membership, ownership, new Handover(host, heads, ownership, questions, _router, membership, clock, log), options, clock, log);
    }

    /// <summary>
    /// The node must end, so that the others replace it or it is started anew: it was replaced and found out by itself, or something of it has ended
    /// that should go on as long as it runs, such as its heartbeat. Going on, it would hold its accounts and answer nothing. May be told more than once.
    /// </summary>
    public event Action<Exception>? Failed;

    /// <summary>All accounts of the cluster.</summary>
    public ClusterEngine Engine { get; }

    /// <summary>The nodes, as this one sees them.</summary>
    public ClusterView View => _membership.View;

    /// <summary>True while this node may answer without asking whether it was replaced.</summary>
    public bool IsCurrent => _membership.IsCurrent;

    /// <summary>Commands that were passed on to other nodes.</summary>
    public long PassedOn => _router.PassedOn;

    /// <summary>Frames of requests that were sent to other nodes; each carries as many commands as were there.</summary>
    public long PeerFrames => _links.Frames;

    /// <summary>Accounts of other nodes of which it is remembered where they are.</summary>
    public int Routes => _router.Routes;

    /// <summary>Commands that wait for an owner that cannot be asked at present.</summary>
    public int Waiting => _router.WaitingCommands;

    /// <summary>Nodes that live and cannot be reached from this one.</summary>
    public IReadOnlyList<string> CutOff => _links.CutOff;

    /// <summary>Begins to take part; the others may send what is for this node to this address.</summary>
    public void Start(Uri address)
    {
        _membership.Serve(address);
        _membership.Changed += OnChanged;
        _running = Task.WhenAll(WatchAsync(_membership.RunAsync(_stopping.Token)), WatchAsync(_balancer.RunAsync(_stopping.Token)), WatchAsync(TickAsync()));
    }

    /// <summary>Answers a peer that has connected, until it ends the connection or that breaks.</summary>
    public Task AnswerAsync(IPeerConnection connection) => new PeerSession(_ports, connection).RunAsync();

    /// <summary>How many accounts each node owns. It counts all of them: for people, now and then.</summary>
    public Task<IReadOnlyDictionary<string, long>> CountAccountsAsync(CancellationToken cancel = default) => _ownership.CountAsync(cancel);

    /// <summary>Tells a node to give its accounts to the others and to take no new ones, or to take its share again. False: there is no such node.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The registry cannot be reached.</exception>
    public Task<bool> DrainAsync(string node, bool isDraining, CancellationToken cancel = default) => _members.DrainAsync(node, isDraining, cancel);

    /// <summary>Gives this node's accounts to the others, if there are any, and leaves; at most until cancelled. The others replace what is left.</summary>
    public async Task LeaveAsync(CancellationToken cancel)
    {
        try
        {
            if (IsCurrent && View.Nodes.Any(node => node.IsServing && !node.Row.IsDraining && node.Node != _membership.Node)
                && await _members.DrainAsync(_membership.Node, isDraining: true, cancel).ConfigureAwait(false))
            {
                while (IsCurrent && !(View.Find(_membership.Node) is { Row.IsDraining: true } && _balancer.IsBalanced)) await Task.Delay(TickInterval, _clock, cancel).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or Journal.JournalUnavailableException)
        {
            ClusterLog.NotHandedOver(_log, "any", error.Message);
        }
    }

    /// <summary>Takes part no longer: commands that are with other nodes have an unknown outcome.</summary>
    public async ValueTask DisposeAsync()
    {
        _membership.Changed -= OnChanged;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _links.Close();
        _stopping.Dispose();
    }

    private async Task WatchAsync(Task part)
    {
        try
        {
            await part.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it was, the node is told to end.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Failed?.Invoke(error);
        }
    }

    private void OnChanged(ClusterView view)
    {
        _undertaker.Look(view, _stopping.Token);
        foreach (var node in view.Nodes)
        {
            if (Math.Abs(node.Row.ClockSkewMs) < MostSkewMs) _toldSkew.Remove(node.Node);
            else if (_toldSkew.Add(node.Node)) ClusterLog.ClockDiffers(_log, node.Node, node.Row.ClockSkewMs);
        }
    }

    /// <summary>A clock that differs by more is told.</summary>
    private const long MostSkewMs = 2_000;

    private async Task TickAsync()
    {
        do
        {
            var now = _clock.GetTimestamp();
            _links.Tick(now);
            _router.Tick(now);
        }
        while (await ClockWaits.TryAsync(_clock, TickInterval, _stopping.Token).ConfigureAwait(false));
    }
}
