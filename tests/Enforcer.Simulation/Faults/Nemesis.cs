using Enforcer.Journal;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Nodes;
using Enforcer.Simulation.Running;
using Enforcer.Simulation.Storage;

namespace Enforcer.Simulation.Faults;

/// <summary>Does everything that goes wrong in a cluster, in an order that follows from the seed; every fault ends by itself.</summary>
internal sealed class Nemesis(World world, Plan plan, SimDatabase database, Weather weather, IReadOnlyList<SimNode> nodes, int clients)
{
    private readonly SimRandom _random = world.Random.Fork();
    private bool _hasEnded;

    public void Begin()
    {
        // Some worlds are bad in one way, some in many.
        if (_random.Happens(400)) weather.DatabaseLossPerMille = _random.Below(50);
        if (_random.Happens(400)) weather.MessageLossPerMille = _random.Below(80);
        if (_random.Happens(400)) weather.MessageDoublePerMille = _random.Below(200);
        if (_random.Happens(400)) weather.ConnectionLossPerMille = _random.Below(10);
        if (_random.Happens(300)) weather.KillPerHundredThousand = _random.Below(200);
        Next();
    }

    /// <summary>All faults stop.</summary>
    public void End()
    {
        _hasEnded = true;
        weather.Clear();
        (database.IsDown, database.IsFull, database.Slowness) = (false, false, 1);
        foreach (var node in nodes) database.Drain(node.Name, false);
        var latest = nodes.Max(static node => node.Clock.Offset);
        foreach (var node in nodes)
        {
            node.Clock.Offset = latest;
            if (node.Machine is { IsAlive: true, IsFrozen: true } machine) machine.Wake();
        }
        if (plan.Kind == WorldKind.Cluster && _random.Happens(250)) EndForGood(_random.Pick(nodes));
    }

    private void Next() => world.After(_random.Between(0, 2 * plan.FaultEvery), null, "fault", () =>
    {
        if (_hasEnded) return;
        Strike();
        Next();
    });

    private void Strike()
    {
        var node = _random.Pick(nodes);
        switch (_random.Below(100))
        {
            case < 12: Kill(node); break;
            case < 26: Freeze(node); break;
            case < 34: Database(FaultKind.DatabaseDown, static (database, isOn) => database.IsDown = isOn, 400); break;
            case < 38: Database(FaultKind.DatabaseFull, static (database, isOn) => database.IsFull = isOn, 400); break;
            case < 44: Database(FaultKind.DatabaseSlow, static (database, isOn) => database.Slowness = isOn ? 60 : 1, 600); break;
            case < 47: Crash(); break;
            case < 60: Cut(node.Name, Weather.DatabaseName); break;
            case < 68: Cut(node.Name, _random.Happens(200) ? "operator" : $"client-{_random.Below(clients)}"); break;
            case < 74: Jump(node); break;
            case < 80 when plan.IsCluster: Cut(node.Name, _random.Pick(nodes).Name); break;
            case < 90 when plan.IsCluster: Drain(node); break;
            case < 88: Take(node); break;
            default: TakeOver(node); break;
        }
    }

    /// <summary>The others must do without it.</summary>
    private void EndForGood(SimNode node)
    {
        node.IsGone = true;
        weather.Tally.Count(FaultKind.NodeGone);
        if (_random.Happens(500)) node.Machine?.Kill();
        else if (node.Machine is { IsAlive: true } machine) machine.Freeze();
    }

    private void Kill(SimNode node)
    {
        if (node.Machine is not { IsAlive: true } machine) return;
        weather.Tally.Count(FaultKind.NodeKilled);
        machine.Kill();
    }

    private void Jump(SimNode node)
    {
        node.Clock.Offset += _random.Between(-2 * World.Second, _random.Happens(100) ? 3_600 * World.Second : 2 * World.Second);
        weather.Tally.Count(FaultKind.ClockJumped);
    }

    private void Wake(SimNode node, Machine machine)
    {
        if (machine.IsAlive && node.Store is { IsReplaced: true }) weather.Tally.Count(FaultKind.NodeWokenReplaced);
        machine.Wake();
    }

    private void Freeze(SimNode node)
    {
        if (node.Machine is not { IsAlive: true, IsFrozen: false } machine) return;
        machine.Freeze();
        weather.Tally.Count(FaultKind.NodeFrozen);
        Later(_random.Between(20, 1_500), () => Wake(node, machine));
        // A frozen node looks dead, and is replaced; then it wakes.
        if (_random.Happens(600)) TakeOver(node);
        else if (_random.Happens(500)) Take(node);
    }

    private void Database(FaultKind kind, Action<SimDatabase, bool> set, int longestMs)
    {
        weather.Tally.Count(kind);
        set(database, true);
        Later(_random.Between(5, longestMs), () => set(database, false));
    }

    private void Crash()
    {
        database.Crash();
        Database(FaultKind.DatabaseCrashed, static (database, isOn) => database.IsDown = isOn, 100);
    }

    private void Cut(string one, string other)
    {
        var (from, to) = _random.Happens(500) ? (one, other) : (other, one);
        weather.Cut(from, to);
        Later(_random.Between(20, 900), () => weather.Mend(from, to));
        var isOneWay = _random.Happens(500);
        weather.Tally.Count(isOneWay ? FaultKind.CutOneWay : FaultKind.CutBothWays);
        if (isOneWay) return;
        weather.Cut(to, from);
        Later(_random.Between(20, 900), () => weather.Mend(to, from));
    }

    /// <summary>A node is to give its accounts to the others, for a while.</summary>
    private void Drain(SimNode node)
    {
        if (database.Drain(node.Name, true)) weather.Tally.Count(FaultKind.NodeDrained);
        Later(_random.Between(50, 800), () => database.Drain(node.Name, false));
    }

    /// <summary>Another node takes some accounts from this one, which need not be dead for that.</summary>
    private void Take(SimNode from)
    {
        if (plan.IsCluster || Another(from) is not { } taker) return;
        var accounts = Enumerable.Range(1, plan.Accounts).Select(static account => (long)account).Where(_ => _random.Happens(500)).ToArray();
        world.After(0, taker.Machine, "take from", () => _ = TryAsync(FaultKind.AccountsTaken, async () => (await taker.Store!.TakeAsync(from.Name, accounts).ConfigureAwait(false)).Count > 0));
    }

    /// <summary>Another node replaces this one, dead or not.</summary>
    private void TakeOver(SimNode dead)
    {
        if (Another(dead) is not { } successor || database.Find(dead.Name) is not { } row) return;
        var incarnation = row.Incarnation;
        world.After(0, successor.Machine, "replace", () => _ = TryAsync(FaultKind.NodeReplaced, () => successor.Store!.TakeOverAsync(dead.Name, incarnation)));
    }

    private SimNode? Another(SimNode node)
    {
        var others = nodes.Where(other => other != node && other.IsServing).ToArray();
        return others.Length == 0 ? null : _random.Pick(others);
    }

    private async Task TryAsync(FaultKind kind, Func<Task<bool>> handover)
    {
        try
        {
            if (await handover().ConfigureAwait(false)) weather.Tally.Count(kind);
        }
        catch (Exception error) when (error is JournalUnavailableException or JournalFencedException)
        {
            world.Trace.Tell(world.Now, "nemesis", error.Message);
        }
        catch (JournalCorruptException corrupt)
        {
            world.Break("one history", corrupt.Message);
        }
    }

    private void Later(long ms, Action action) => world.After(ms * World.Millisecond, null, "fault ends", () =>
    {
        if (!_hasEnded) action();
    });
}
