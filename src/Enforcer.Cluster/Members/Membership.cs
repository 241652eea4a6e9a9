using Enforcer.Journal;
using Microsoft.Extensions.Logging;

namespace Enforcer.Cluster;

/// <summary>
/// Shows the others that this node lives, watches whether they do, and knows for how long this node may answer without asking.
/// </summary>
/// <remarks>
/// <para>Nobody's clock is believed but the own one, and that only for lengths of time: a node is dead when its count of heartbeats has not moved for
/// <see cref="ClusterOptions.DeadAfter"/> in which this node looked. While it could not look no time is counted, and after a long gap, when it was frozen or
/// the registry away, the time begins anew. A node that is wrongly taken for dead loses nothing: the journal's fence decides, not this.</para>
/// <para>The lease: a heartbeat that arrived was sent before anybody can have seen it, and nobody replaces a node earlier than <c>DeadAfter</c> after seeing
/// its last one. So for <see cref="ClusterOptions.Lease"/>, which is shorter, counted from before the heartbeat was sent, nobody has. What was decided
/// while that is still so stands; whoever checks afterwards has checked the moment of the decision too.</para>
/// </remarks>
public sealed class Membership
{
    private readonly IMembers _members;
    private readonly ClusterOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Sightings _sightings;
    private readonly Lock _gate = new();
    private MemberBeat _beat;
    private ClusterView _view = ClusterView.Empty;
    private Signals? _renewing;
    private long _leaseUntil;
    private bool _hasOpened;
    private bool _isReplaced;

    private Membership(IMembers members, ClusterOptions options, MemberBeat beat, TimeProvider clock, ILogger log)
    {
        _members = members;
        _options = options;
        _beat = beat;
        _clock = clock;
        _log = log;
        _sightings = new Sightings(options, clock);
        _leaseUntil = clock.GetTimestamp();
    }

    /// <summary>Raised when a heartbeat has brought news, on whichever thread; handlers must be quick and must not throw.</summary>
    public event Action<ClusterView>? Changed;

    /// <summary>Raised once, when this node has found out that it was replaced: it must end.</summary>
    public event Action<Exception>? Replaced;

    /// <summary>This node's name.</summary>
    public string Node => _options.Node;

    /// <summary>All nodes, as seen last.</summary>
    public ClusterView View => Volatile.Read(ref _view);

    /// <summary>Where those go on who wait for certainty.</summary>
    public WorkPool Work { get; set; } = WorkPool.Threads;

    /// <summary>Fills in how this node fares, for each heartbeat.</summary>
    public Func<MemberHealth> Health { get; set; } = static () => new MemberHealth();

    /// <summary>
    /// Takes the node's row in the registry, before it opens the journal: from then on the others know that it is about to live. Whoever had the name finds
    /// out with its next heartbeat, and ends.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The registry cannot be reached.</exception>
    public static async Task<Membership> JoinAsync(
        IMembers members, ClusterOptions options, Guid mark, string owner, TimeProvider clock, ILogger log, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        options.Validate();
        var beat = new MemberBeat { Node = options.Node, Mark = mark, Owner = owner, ClockMs = clock.GetUtcNow().ToUnixTimeMilliseconds() };
        await members.JoinAsync(beat, cancel).ConfigureAwait(false);
        return new Membership(members, options, beat, clock, log);
    }

    /// <summary>From now on the others may send what is for this node; the journal is open.</summary>
    public void Serve(Uri address)
    {
        lock (_gate)
        {
            _beat = _beat with { Address = address };
            _hasOpened = true;
        }
    }

    /// <summary>Shows that the node lives until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var wasReached = true;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await BeatAsync(stopping).ConfigureAwait(false);
                if (!wasReached) ClusterLog.ReachedAgain(_log);
                wasReached = true;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is JournalUnavailableException or JournalFencedException or OperationCanceledException)
            {
                if (wasReached) ClusterLog.NotReached(_log, error.Message);
                wasReached = false;
            }
            if (!await ClockWaits.TryAsync(_clock, _options.Beat, stopping).ConfigureAwait(false)) return;
        }
    }

    /// <summary>Completes if this node has certainly not been replaced yet; at once while the lease lasts, else it asks.</summary>
    /// <exception cref="JournalLostException">It was replaced.</exception>
    /// <exception cref="JournalUnavailableException">Nobody can say: the registry cannot be reached.</exception>
    public ValueTask RequireCurrentAsync() =>
        _clock.GetTimestamp() < Volatile.Read(ref _leaseUntil) ? ValueTask.CompletedTask : new ValueTask(RenewAsync());

    /// <summary>True while the lease lasts.</summary>
    public bool IsCurrent => _clock.GetTimestamp() < Volatile.Read(ref _leaseUntil);

    /// <summary>Gives up the name and tells the others, as far as they can be told.</summary>
    public async Task LeaveAsync(CancellationToken cancel = default)
    {
        try
        {
            await _members.LeaveAsync(_beat, cancel).ConfigureAwait(false);
        }
        catch (JournalUnavailableException error)
        {
            ClusterLog.NotReached(_log, error.Message);
        }
    }

    private Task RenewAsync()
    {
        Task mine;
        lock (_gate)
        {
            if (_renewing is not null) return _renewing.Add();
            _renewing = new Signals();
            mine = _renewing.Add();
        }
        _ = RenewForAllAsync();
        return mine;
    }

    private async Task RenewForAllAsync()
    {
        var failure = await TryRenewAsync().ConfigureAwait(false);
        Signals waiting;
        lock (_gate) (waiting, _renewing) = (_renewing!, null);
        if (failure is null) waiting.Tell(Work);
        else waiting.Tell(Work, failure);
    }

    /// <summary>Why nobody may be answered; null if they may.</summary>
    private async Task<Exception?> TryRenewAsync()
    {
        // Whoever waits here holds answers back: not for longer than it takes to see that nobody answers.
        using var patience = new CancellationTokenSource(_options.DeadAfter, _clock);
        try
        {
            await BeatAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new JournalUnavailableException("The registry of nodes does not answer; this node may have been replaced.");
        }
#pragma warning disable CA1031 // Whatever it was, those who wait are told.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error;
        }
        return IsCurrent ? null : new JournalLostException("This node was replaced, or may have been; ask again with the same operation id.");
    }

    private async Task BeatAsync(CancellationToken cancel)
    {
        var sentAt = _clock.GetTimestamp();
        MemberBeat beat;
        lock (_gate) beat = _beat = _beat with { ClockMs = _clock.GetUtcNow().ToUnixTimeMilliseconds(), Health = Health() };
        Observe(beat, await _members.BeatAsync(beat, cancel).ConfigureAwait(false), sentAt);
    }

    private void Observe(MemberBeat mine, IReadOnlyList<MemberRow> rows, long sentAt)
    {
        ClusterView view;
        bool isNews;
        lock (_gate)
        {
            view = new ClusterView(_sightings.Look(rows));
            isNews = IsNews(View, view);
            if (CauseOfEnd(mine, view) is { } cause)
            {
                if (_isReplaced) return;
                _isReplaced = true;
                Volatile.Write(ref _leaseUntil, long.MinValue);
                Replaced?.Invoke(cause);
                return;
            }
            Volatile.Write(ref _leaseUntil, Math.Max(_leaseUntil, sentAt + ClockWaits.TicksOf(_clock, _options.Lease)));
            Volatile.Write(ref _view, view);
        }
        if (isNews) ClusterLog.Seen(_log, view);
        Changed?.Invoke(view);
    }

    private JournalFencedException? CauseOfEnd(MemberBeat mine, ClusterView view)
    {
        var me = view.Find(mine.Node)?.Row;
        if (me?.Beat is { } beat && beat.Mark != mine.Mark)
            return new JournalFencedException($"Another process has taken the name of node '{mine.Node}': {beat.Owner}. Give each node a name of its own.");
        if (_hasOpened && me?.Standing is NodeStanding.BeingReplaced or NodeStanding.Replaced)
            return new JournalFencedException($"Node '{mine.Node}' was replaced: its heartbeat was not seen for {_options.DeadAfter.TotalSeconds} s. Start it again.");
        return null;
    }

    private static bool IsNews(ClusterView before, ClusterView after) =>
        !before.Nodes.Select(Told).SequenceEqual(after.Nodes.Select(Told));

    private static (string, bool, bool, NodeStanding) Told(ClusterNodeView node) => (node.Node, node.IsServing, node.Row.IsDraining, node.Row.Standing);
}
