using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Faults;

/// <summary>How bad things are at the moment: what is lost, who cannot reach whom, and how likely a process dies in the middle of something.</summary>
internal sealed class Weather(World world)
{
    /// <summary>The database among the names of machines.</summary>
    public const string DatabaseName = "db";

    private readonly HashSet<(string From, string To)> _cuts = [];
    private readonly SimRandom _random = world.Random.Fork();

    /// <summary>What has gone wrong so far.</summary>
    public FaultTally Tally { get; } = new();

    /// <summary>Of a thousand statements, so many are lost on the way, as many answers, and as many come late.</summary>
    public int DatabaseLossPerMille { get; set; }

    /// <summary>Of a thousand messages between machines.</summary>
    public int MessageLossPerMille { get; set; }

    public int MessageDoublePerMille { get; set; }

    /// <summary>Of a thousand frames on connections, so many are the last: the connection breaks, or falls silent.</summary>
    public int ConnectionLossPerMille { get; set; }

    /// <summary>Of a hundred thousand statements, so many are the last thing that their process does.</summary>
    public int KillPerHundredThousand { get; set; }

    /// <summary>From one to the other nothing arrives; the other way may work.</summary>
    public void Cut(string from, string to)
    {
        _cuts.Add((from, to));
        world.Trace.Add(world.Now, "cut", $"{from}>{to}");
    }

    public void Mend(string from, string to)
    {
        if (_cuts.Remove((from, to))) world.Trace.Add(world.Now, "mend", $"{from}>{to}");
    }

    public bool IsCut(string from, string to) => _cuts.Count > 0 && _cuts.Contains((from, to));

    /// <summary>The process may die with this statement as the last thing that it does.</summary>
    public void MayKillAtStatement(Machine machine, string what) => MayKill(machine, what, 100_000, FaultKind.NodeDiedAtStatement);

    /// <summary>The process may die instead of going on with this.</summary>
    public void MayKillAtWork(Machine machine, string what) => MayKill(machine, what, 400_000, FaultKind.NodeDiedAtWork);

    /// <summary>The sun comes out.</summary>
    public void Clear()
    {
        _cuts.Clear();
        DatabaseLossPerMille = MessageLossPerMille = MessageDoublePerMille = ConnectionLossPerMille = KillPerHundredThousand = 0;
    }

    private void MayKill(Machine machine, string what, int outOf, FaultKind kind)
    {
        if (KillPerHundredThousand == 0 || !machine.IsAlive || _random.Below(outOf) >= KillPerHundredThousand) return;
        Tally.Count(kind);
        world.Trace.Tell(world.Now, machine.Name, $"dies at '{what}'");
        machine.Kill();
    }
}
