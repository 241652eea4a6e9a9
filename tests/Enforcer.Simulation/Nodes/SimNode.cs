using Enforcer.Cluster;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Limits;
using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Storage;

namespace Enforcer.Simulation.Nodes;

/// <summary>
/// A node: production's group commit, activations and upkeep, in a process that is started again whenever it has ended. It answers what clients send; who
/// owns an account is decided by the journal alone.
/// </summary>
internal sealed class SimNode
{
    private const int MostUntold = 20;
    private static readonly JournalOptions Delays = new()
    {
        FirstRetryDelay = TimeSpan.FromMilliseconds(10),
        MaxRetryDelay = TimeSpan.FromMilliseconds(200),
        LongestGathering = TimeSpan.FromMilliseconds(2),
    };
    private readonly World _world;
    private readonly SimDatabase _database;
    private readonly Weather _weather;
    private readonly LedgerOptions _ledger;
    private readonly Func<SimNode, Machine, EdgeGate> _gateOf;
    private readonly PeerNetwork _edges;
    private readonly SimClock _clock;
    private readonly Dictionary<long, AccountTarget> _targets = [];
    private readonly PeerNetwork? _peers;
    private IAccountEngine? _engine;
    private int _untold;
    private GroupCommit? _journal;

    /// <param name="world">Where it is.</param>
    /// <param name="database">What all nodes share.</param>
    /// <param name="weather">What goes wrong.</param>
    /// <param name="ledger">The rules' options.</param>
    /// <param name="edges">Where clients come from.</param>
    /// <param name="gateOf">What it offers to them.</param>
    /// <param name="peers">Where the other nodes are; null: it knows of none, and who owns an account is decided by the journal alone.</param>
    /// <param name="name">Its name.</param>
    public SimNode(World world, SimDatabase database, Weather weather, LedgerOptions ledger, PeerNetwork edges, Func<SimNode, Machine, EdgeGate> gateOf, PeerNetwork? peers, string name)
    {
        (_edges, _gateOf) = (edges, gateOf);
        _peers = peers;
        _world = world;
        _database = database;
        _weather = weather;
        _ledger = ledger;
        Name = name;
        _clock = new SimClock(world, world.Random.Between(-2 * World.Second, 2 * World.Second));
    }

    public string Name { get; }

    public SimClock Clock => _clock;

    /// <summary>The process that runs now, or the last one that did.</summary>
    public Machine? Machine { get; private set; }

    public SimJournalStore? Store { get; private set; }

    /// <summary>What it offers to clients; null while it serves none.</summary>
    public EdgeGate? Gate { get; private set; }

    /// <summary>It has ended or is frozen for good.</summary>
    public bool IsGone { get; set; }

    /// <summary>Commands that it was given and has not answered.</summary>
    public int Pending { get; private set; }

    /// <summary>True while it takes commands.</summary>
    public bool IsServing => Machine is { IsAlive: true } && _engine is not null;

    /// <summary>How many accounts' heads lie behind.</summary>
    public int Lagging => _journal?.Heads.Lagging ?? 0;

    /// <summary>Starts a process.</summary>
    public void Start()
    {
        if (IsGone || Machine is { IsAlive: true }) return;
        _engine = null;
        _journal = null;
        Gate = null;
        _targets.Clear();
        (_untold, Pending) = (0, 0);
        var machine = Machine = new Machine(_world, Name, _clock);
        machine.Hazard = what => _weather.MayKillAtWork(machine, what);
        machine.Killed = () =>
        {
            _peers?.Drop(machine);
            _edges.Drop(machine);
            _world.After(_world.Random.Between(50 * World.Millisecond, World.Second), null, "restart", Start);
        };
        _world.After(0, machine, "start", () => _ = StartAsync(machine));
    }

    /// <summary>Hands a command in; the reply is given when it may be told.</summary>
    /// <param name="machine">The process that was asked.</param>
    /// <param name="account">The account.</param>
    /// <param name="command">The command.</param>
    /// <param name="outbound">Where it may wait for others that follow at once; null if none does.</param>
    /// <param name="reply">Takes what became of it.</param>
    public async Task ServeAsync(Machine machine, long account, Command command, OutboundCommands? outbound, Action<Reply> reply)
    {
        Pending++;
        try
        {
            if (_engine is not { } engine || Store is not { } store)
            {
                reply(Reply.Unavailable);
                return;
            }
            if (!_targets.TryGetValue(account, out var target)) _targets.Add(account, target = new AccountTarget(account, ""));
            var known = store.KnownRevocations;
            var taken = new TakenExecution();
            var execution = outbound is not null ? engine.StartOne(target, command, _clock.NowMs, 0, taken, outbound) : engine.Start(target, command, _clock.NowMs);
            if (execution.IsTakenLater) execution = await taken.Task.ConfigureAwait(false);
            else if (execution.Pending is { } pending) execution = await pending.ConfigureAwait(false);
            await engine.WhenDurableAsync(execution.Ticket).ConfigureAwait(false);
            // A grant stands on what the fence has let in; a refusal on memory, which another node may have gone on from. A cluster sees to that itself.
            var mayBeTold = _peers is not null || execution.Outcome.IsGranted || await store.IsCurrentAsync(account, known).ConfigureAwait(false);
            reply(mayBeTold ? new Reply(execution.Outcome, null) : Reply.Unavailable);
            // Who only refuses never appends, and so does not hear what was taken from it.
            if (!mayBeTold && ++_untold > MostUntold) machine.Kill();
        }
        catch (JournalElsewhereException elsewhere)
        {
            reply(new Reply(null, elsewhere.Node));
        }
        catch (Exception error) when (error is JournalLostException or JournalUnavailableException or JournalFencedException or OperationCanceledException)
        {
            reply(Reply.Unavailable);
        }
#pragma warning disable CA1031 // Everything else is a finding.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (machine.IsAlive) _world.Break("production code fails", $"{Name}, account {account}, {command.Kind}: {error}");
        }
        finally
        {
            if (machine == Machine) Pending--;
        }
    }

    /// <summary>Reads an account; null if what was read may not be told.</summary>
    public async Task<AccountReading?> ReadAsync(long account)
    {
        if (_engine is not { } engine || Store is not { } store) return null;
        var known = store.KnownRevocations;
        var reading = await engine.ReadAsync(account).ConfigureAwait(false);
        return _peers is not null || await store.IsCurrentAsync(account, known).ConfigureAwait(false) ? reading : null;
    }

    private async Task StartAsync(Machine machine)
    {
        try
        {
            var link = new DatabaseLink(_world, machine, _database, _weather);
            var store = new SimJournalStore(Name, _database, link, machine);
            var members = new SimMembers(_world, _database, link, machine);
            var membership = _peers is null ? null : await JoinAsync(members, machine).ConfigureAwait(false);
            var options = Delays with { Work = machine, MaxWaitersTogether = 1, OnEnded = _ => machine.Kill() };
            var journal = await GroupCommit.OpenAsync(store, Name, options, _clock).ConfigureAwait(false);
            var reader = new AccountReader(journal, store, _ledger);
            var bounds = new HostOptions { IdleMs = 700, HeadsIntervalMs = 250, ExpiryTickMs = 50, RecentOperations = 4_096, MaxConcurrentReads = 2, Work = machine };
            var host = new AccountHost(journal, reader, _ledger, bounds, WindowCalendar.Utc, _clock, new SimLog<AccountHost>(_world, Name));
            var upkeep = new HostUpkeep(host, journal.Heads, _clock, new SimLog<HostUpkeep>(_world, Name));
            (_engine, _journal, Store) = (host, journal, store);
            if (membership is not null)
            {
                var ownership = new SimOwnership(_database, link, store);
                var cluster = new ClusterNode(
                    OptionsOf(Name), host, host, journal.Heads, _ledger, members, membership, ownership, _peers!.Of(machine), new NoCalls(), _clock, new SimLog<ClusterNode>(_world, Name));
                cluster.Failed += error => End(machine, error);
                _engine = cluster.Engine;
                _peers.Listen(machine, cluster.AnswerAsync);
                cluster.Start(new Uri($"http://{Name}"));
            }
            Gate = _gateOf(this, machine);
            _edges.Listen(machine, Gate.AnswerAsync);
            _ = upkeep.RunAsync(machine.Ending);
        }
        catch (Exception error) when (error is JournalUnavailableException or JournalFencedException)
        {
            // As an operator would have it: the process ends, and is started again.
            machine.Kill();
        }
#pragma warning disable CA1031 // Everything else is a finding.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _world.Break("production code fails", $"{Name} does not start: {error}");
        }
    }

    private async Task<Membership> JoinAsync(SimMembers members, Machine machine)
    {
        var mark = new Guid(unchecked((int)_world.Random.Next()), 0, 0, BitConverter.GetBytes(_world.Random.Next()));
        var membership = await Membership.JoinAsync(members, OptionsOf(Name), mark, Name, _clock, new SimLog<Membership>(_world, Name)).ConfigureAwait(false);
        membership.Work = machine;
        membership.Replaced += _ => machine.Kill();
        return membership;
    }

    private void End(Machine machine, Exception error)
    {
        if (error is not JournalFencedException) _world.Break("production code fails", $"{Name}: {error}");
        machine.Kill();
    }

    private static ClusterOptions OptionsOf(string name) => new()
    {
        Node = name,
        Beat = TimeSpan.FromMilliseconds(40),
        DeadAfter = TimeSpan.FromMilliseconds(400),
        Lease = TimeSpan.FromMilliseconds(250),
        Settle = TimeSpan.FromMilliseconds(150),
        RequestTimeout = TimeSpan.FromMilliseconds(500),
        MostSilence = TimeSpan.FromMilliseconds(200),
    };
}
