using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Running;

/// <summary>What a world is made of; all of it follows from the seed.</summary>
internal sealed record Plan
{
    public required int Nodes { get; init; }

    /// <summary>Nodes know of each other, route, replace and hand over; else the journal alone decides who owns what, and the nemesis moves accounts.</summary>
    public required bool IsCluster { get; init; }

    public WorldKind Kind => Nodes == 1 ? WorldKind.OneNode : IsCluster ? WorldKind.Cluster : WorldKind.JournalOnly;

    public required int Clients { get; init; }

    public required int Accounts { get; init; }

    /// <summary>How long faults go on, in ticks.</summary>
    public required long Duration { get; init; }

    /// <summary>The mean time between faults, in ticks.</summary>
    public required long FaultEvery { get; init; }

    /// <summary>The mean time that a client thinks before it makes another call, in ticks.</summary>
    public required long ThinkFor { get; init; }

    public static Plan From(SimRandom random) => new()
    {
        Nodes = random.Happens(250) ? 1 : (int)random.Between(2, 3),
        IsCluster = random.Happens(500),
        Clients = (int)random.Between(2, 5),
        Accounts = (int)random.Between(2, 5),
        Duration = random.Between(2, 5) * World.Second,
        FaultEvery = random.Between(60, 500) * World.Millisecond,
        ThinkFor = random.Between(5, 40) * World.Millisecond,
    };
}
