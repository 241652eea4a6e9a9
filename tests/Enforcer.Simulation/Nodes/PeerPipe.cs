using Enforcer.Cluster;
using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Nodes;

/// <summary>
/// A connection between two processes: what is sent arrives in order and whole, or the connection breaks, and each end hears of that in its own time; or it
/// falls silent, and nobody hears anything.
/// </summary>
#pragma warning disable CA1001 // Its ends are disposed of by those who are connected.
internal sealed class PeerPipe
#pragma warning restore CA1001
{
    private const long KeepAlive = 3 * World.Second;
    private readonly PeerPipeEnd _near;
    private readonly PeerPipeEnd _far;

    /// <param name="world">Where it is.</param>
    /// <param name="random">Its chance.</param>
    /// <param name="weather">What goes wrong.</param>
    /// <param name="near">Who connected.</param>
    /// <param name="far">To whom.</param>
    /// <param name="pings">It finds out soon that nobody is there any more who would answer.</param>
    public PeerPipe(World world, SimRandom random, Weather weather, Machine near, Machine far, bool pings)
    {
        FindsOutSoon = pings;
        _near = new PeerPipeEnd(this, world, random, weather, near);
        _far = new PeerPipeEnd(this, world, random, weather, far);
        (_near.Other, _far.Other) = (_far, _near);
    }

    public IPeerConnection Near => _near;

    public IPeerConnection Far => _far;

    /// <summary>True if one of its ends is a process's.</summary>
    public bool IsOf(Machine machine) => _near.Machine == machine || _far.Machine == machine;

    /// <summary>Both ends find out in their time that nobody answers any more: keep-alive pings see to that.</summary>
    public void BreakWhenMissed()
    {
        _near.BreakIn(KeepAlive);
        _far.BreakIn(KeepAlive);
    }

    public void Break()
    {
        _near.BreakSoon();
        _far.BreakSoon();
    }

    /// <summary>True if an end that sends finds out soon that nobody is there.</summary>
    public bool FindsOutSoon { get; }

    /// <summary>True if it swallows everything from now on.</summary>
    public bool IsSilent { get; set; }
}
