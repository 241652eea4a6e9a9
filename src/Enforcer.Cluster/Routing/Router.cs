using System.Collections.Concurrent;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Cluster;

/// <summary>
/// Brings commands to their accounts' owners: to this process, or over a link to another node. It believes where an account is until somebody says
/// otherwise, and then sends what came back again, in order.
/// </summary>
/// <remarks>
/// <para>Nothing here decides who owns an account. A node that is asked loads the account, which claims it if nobody has it, or says whose it is.</para>
/// <para>Order: commands of one account go to one node at a time. When some come back, nothing more is sent until all have, and then all that wait go
/// out in the order in which they came.</para>
/// <para>A command that came back because its connection broke may have taken effect. It is sent again all the same: its operation id sees to it
/// that it takes effect once.</para>
/// </remarks>
internal sealed class Router(
    AccountHost local, Membership membership, PeerLinks links, ICallMessages calls, ClusterOptions options, TimeProvider clock)
{
    private const int MostAttempts = 64;
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<long, Route> _routes = new();
    private readonly ConcurrentDictionary<Route, byte> _waiting = new();
    private readonly long _timeout = ClockWaits.TicksOf(clock, options.RequestTimeout);
    private long _sequence;
    private long _passedOn;
    private int _waitingCommands;

    /// <summary>Writes what commands say of their calls.</summary>
    public ICallMessages Calls { get; } = calls;

    /// <summary>Commands that were sent to other nodes.</summary>
    public long PassedOn => Interlocked.Read(ref _passedOn);

    /// <summary>Accounts of which it is remembered where they are.</summary>
    public int Routes => _routes.Count;

    /// <summary>Commands that wait for an owner.</summary>
    public int WaitingCommands => Volatile.Read(ref _waitingCommands);

    /// <summary>Hands a command to its account, wherever it is. With <paramref name="outbound"/>, which is told where, it may wait for others.</summary>
    public Execution Start(
        AccountTarget target, in Command command, long nowMs, long deadlineMs, ulong number = 0, IExecutionTaker? taker = null, OutboundCommands? outbound = null)
    {
        if (local.TryStart(target, command, nowMs, out var execution, out _)) return execution;
        if (Volatile.Read(ref _waitingCommands) >= options.MaxWaiting) return new Execution(Outcome.Refuse(Refusal.Busy, 0), default);
        var deadline = DeadlineOf(nowMs, deadlineMs);
        while (true)
        {
            var route = _routes.GetOrAdd(target.Number, static account => new Route(account));
            lock (route)
            {
                if (route.State == RouteState.Gone) continue;
                var remote = new RemoteCommand(this, route, target, command, Interlocked.Increment(ref _sequence), deadline, number, taker);
                Add(route, remote);
                Advance(route, nowMs, outbound);
                return remote.Execution;
            }
        }
    }

    /// <summary>Where an account's owner is believed to be; null if nobody can be asked at present.</summary>
    public string? PlaceOf(long account, string? believed)
    {
        var view = membership.View;
        if (believed is null && _routes.TryGetValue(account, out var route)) believed = route.Place;
        if (believed == membership.Node) return believed;
        if (believed is not null && view.Find(believed) is { } node && node.Row.Standing != NodeStanding.Replaced) return node.IsServing ? believed : null;
        return view.PlaceOf(account) ?? membership.Node;
    }

    /// <summary>The whole ms until a moment of the clock, at least 1.</summary>
    public long MillisecondsUntil(long deadline, long now) => Math.Max(1, (long)clock.GetElapsedTime(now, deadline).TotalMilliseconds);

    /// <summary>A moment of the clock so far from now, at most as far as the longest wait.</summary>
    public long DeadlineOf(long nowMs, long deadlineMs)
    {
        var now = clock.GetTimestamp();
        if (deadlineMs - nowMs >= options.RequestTimeout.TotalMilliseconds) return now + _timeout;
        return now + ClockWaits.TicksOf(clock, TimeSpan.FromMilliseconds(Math.Max(1, deadlineMs - nowMs)));
    }

    /// <summary>A command has its answer.</summary>
    public void Leave(RemoteCommand command)
    {
        var route = command.Route;
        lock (route)
        {
            route.UnderWay--;
            if (route.State == RouteState.Gathering) Advance(route, NowMs);
            else if (route.IsIdle && route.Place == membership.Node) Forget(route);
        }
    }

    /// <summary>A command came back: its account belongs to somebody else.</summary>
    public void Correct(RemoteCommand command, string owner, long epoch)
    {
        var route = command.Route;
        lock (route)
        {
            route.UnderWay--;
            Add(route, command);
            if (epoch >= route.Epoch) (route.Place, route.Epoch) = (owner, epoch);
            route.State = RouteState.Gathering;
            Advance(route, NowMs);
        }
    }

    /// <summary>A command came back because its connection broke.</summary>
    public void Lose(RemoteCommand command)
    {
        var route = command.Route;
        lock (route)
        {
            route.UnderWay--;
            Add(route, command);
            route.State = RouteState.Gathering;
            Advance(route, NowMs);
        }
    }

    /// <summary>Tries again what waits, ends what has waited too long, and forgets what nobody has asked for.</summary>
    public void Tick(long now)
    {
        foreach (var (route, _) in _waiting)
        {
            _waiting.TryRemove(route, out var _);
            lock (route)
            {
                EndExpired(route, now);
                if (route.State == RouteState.Waiting) Advance(route, NowMs);
            }
        }
        if (_routes.Count > options.MaxRoutes) ForgetSome();
    }

    private WorkPool Work => local.Options.Work;

    private long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private void Add(Route route, RemoteCommand command)
    {
        route.Waiting.Add(command);
        Interlocked.Increment(ref _waitingCommands);
    }

    /// <summary>Sends what waits, if it may go and somebody is there to take it.</summary>
    private void Advance(Route route, long nowMs, OutboundCommands? outbound = null)
    {
        if (route.State == RouteState.Gathering && route.UnderWay > 0) return;
        if (route.State != RouteState.Sending)
        {
            route.State = RouteState.Open;
            if (route.Waiting.Count == 0) return;
            if (PlaceOf(route.Account, route.Place) is not { } place)
            {
                Wait(route);
                return;
            }
            route.Place = place;
            if (IsOutOfReach(route) && !MayAskHere(route))
            {
                GiveUp(route);
                return;
            }
            route.Waiting.Sort(static (a, b) => a.Sequence.CompareTo(b.Sequence));
            route.State = RouteState.Sending;
        }
        var sent = 0;
        while (sent < route.Waiting.Count && TryHandOver(route, route.Waiting[sent], nowMs, outbound)) sent++;
        Interlocked.Add(ref _waitingCommands, -sent);
        route.Waiting.RemoveRange(0, sent);
        if (route.Waiting.Count == 0) return;
        if (!IsOutOfReach(route)) Wait(route);
        else if (route.UnderWay > 0 || !MayAskHere(route)) GiveUp(route);
        else Advance(route, nowMs, outbound);
    }

    private bool IsOutOfReach(Route route) => route.Place is { } place && place != membership.Node && links.IsCutOff(place);

    /// <summary>
    /// An owner that cannot be reached may have lost the account meanwhile. Now and then that is asked for: this node tries to load the account, and the
    /// journal says whose it is.
    /// </summary>
    private bool MayAskHere(Route route)
    {
        var now = clock.GetTimestamp();
        if (route.AskedAt is { } at && clock.GetElapsedTime(at, now) < AskAgain) return false;
        (route.AskedAt, route.Place, route.State) = (now, membership.Node, RouteState.Open);
        return true;
    }

    /// <summary>Nobody who can be reached will have an answer within a useful time: callers are told at once, and may ask another node.</summary>
    private void GiveUp(Route route)
    {
        foreach (var command in route.Waiting) EndSoon(command);
        Interlocked.Add(ref _waitingCommands, -route.Waiting.Count);
        route.Waiting.Clear();
        route.State = route.UnderWay > 0 ? RouteState.Gathering : RouteState.Open;
    }

    private void Wait(Route route)
    {
        // While some are under way, those that wait must not overtake them, should these come back.
        route.State = route.UnderWay > 0 ? RouteState.Gathering : RouteState.Waiting;
        _waiting.TryAdd(route, 0);
    }

    /// <summary>False if nobody takes it at present.</summary>
    private bool TryHandOver(Route route, RemoteCommand command, long nowMs, OutboundCommands? outbound)
    {
        if (command.Attempts >= MostAttempts)
        {
            EndSoon(command);
            return true;
        }
        if (route.Place == membership.Node)
        {
            command.Attempts++;
            StartLocally(route, command, nowMs);
            return true;
        }
        route.UnderWay++;
        if (links.Find(route.Place!) is { } link && link.TrySend(command, outbound))
        {
            // Waiting for a node to be replaced is no attempt.
            command.Attempts++;
            Interlocked.Increment(ref _passedOn);
            return true;
        }
        route.UnderWay--;
        return false;
    }

    private void StartLocally(Route route, RemoteCommand command, long nowMs)
    {
        try
        {
            var execution = local.Start(command.Target, command.Command, nowMs, nowMs + MillisecondsUntil(command.Deadline, clock.GetTimestamp()));
            if (execution.Pending is { } pending)
            {
                route.UnderWay++;
                command.FollowLocally(pending, Work);
            }
            else
            {
                // Whoever waits must not run under the route's lock.
                Work.Queue(() => command.Complete(execution));
            }
        }
#pragma warning disable CA1031 // Whatever it was, the caller is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Work.Queue(() => command.Fail(exception));
        }
    }

    private void EndExpired(Route route, long now)
    {
        var expired = route.Waiting.RemoveAll(command =>
        {
            if (command.Deadline > now) return false;
            EndSoon(command);
            return true;
        });
        Interlocked.Add(ref _waitingCommands, -expired);
        if (route.Waiting.Count > 0) _waiting.TryAdd(route, 0);
    }

    private void EndSoon(RemoteCommand command) => Work.Queue(() => command.Refuse(Refusal.Unavailable));

    private void Forget(Route route)
    {
        route.State = RouteState.Gone;
        _routes.TryRemove(new KeyValuePair<long, Route>(route.Account, route));
    }

    private void ForgetSome()
    {
        // Any will do: what is forgotten costs one question more.
        foreach (var (_, route) in _routes)
        {
            if (_routes.Count <= options.MaxRoutes * 7L / 8) return;
            lock (route)
            {
                if (route.IsIdle && route.State != RouteState.Gone) Forget(route);
            }
        }
    }
}
