using Enforcer.Cluster;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Storage;

/// <summary>The registry of nodes in the simulated database, as one process reaches it.</summary>
internal sealed class SimMembers(World world, SimDatabase database, DatabaseLink link) : IMembers
{
    public Task JoinAsync(MemberBeat beat, CancellationToken cancel) => link.ReadAsync("join", () => database.Join(beat), cancel);

    public Task<IReadOnlyList<MemberRow>> BeatAsync(MemberBeat beat, CancellationToken cancel) =>
        link.ReadAsync("beat", () => database.Beat(beat, beat.ClockMs - SimClock.Beginning.AddTicks(world.Now).ToUnixTimeMilliseconds()), cancel);

    public Task LeaveAsync(MemberBeat beat, CancellationToken cancel) => link.ReadAsync("leave", () => database.Leave(beat), cancel);

    public Task<bool> DrainAsync(string node, bool isDraining, CancellationToken cancel) => link.ReadAsync("drain", () => database.Drain(node, isDraining), cancel);
}
