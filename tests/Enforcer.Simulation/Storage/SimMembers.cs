using Enforcer.Cluster;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Storage;

/// <summary>The registry of nodes in the simulated database, as one process reaches it.</summary>
internal sealed class SimMembers(World world, SimDatabase database, DatabaseLink link, Machine machine) : IMembers
{
    private bool _knowsItsEnd;

    public Task JoinAsync(MemberBeat beat, CancellationToken cancel) => link.ReadAsync("join", () => database.Join(beat), cancel);

    public async Task<IReadOnlyList<MemberRow>> BeatAsync(MemberBeat beat, CancellationToken cancel)
    {
        if (_knowsItsEnd && machine.IsAlive) world.Break("replaced nodes end", $"{beat.Node} has been told that it was replaced, and shows that it lives");
        var rows = await link.ReadAsync(
            "beat", () => database.Beat(beat, beat.ClockMs - SimClock.Beginning.AddTicks(world.Now).ToUnixTimeMilliseconds()), cancel).ConfigureAwait(false);
        // Whoever has no address yet has not opened the journal: its row may be that of the process before.
        _knowsItsEnd |= beat.Address is not null && rows.Any(row => row.Node == beat.Node && row.Standing is NodeStanding.BeingReplaced or NodeStanding.Replaced);
        return rows;
    }

    public Task LeaveAsync(MemberBeat beat, CancellationToken cancel) => link.ReadAsync("leave", () => database.Leave(beat), cancel);

    public Task<bool> DrainAsync(string node, bool isDraining, CancellationToken cancel) => link.ReadAsync("drain", () => database.Drain(node, isDraining), cancel);
}
