using Enforcer.Cluster;
using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Nodes;

/// <summary>Connections between processes: of one node to another, or of clients to nodes.</summary>
internal sealed class PeerNetwork(World world, Weather weather, bool pings)
{
    private readonly SimRandom _random = world.Random.Fork();
    private readonly Dictionary<string, (Machine Machine, Func<IPeerConnection, Task> Answer)> _listening = [];
    private readonly List<PeerPipe> _pipes = [];

    /// <summary>From now on this process answers under its name.</summary>
    public void Listen(Machine machine, Func<IPeerConnection, Task> answer) => _listening[machine.Name] = (machine, answer);

    /// <summary>A process has ended: mostly those who are connected hear of that soon, else when they find out that nobody is there.</summary>
    public void Drop(Machine machine)
    {
        var isTold = _random.Happens(700);
        foreach (var pipe in _pipes.Where(pipe => pipe.IsOf(machine)))
        {
            if (isTold) pipe.Break();
            else pipe.BreakWhenMissed();
        }
        _pipes.RemoveAll(pipe => pipe.IsOf(machine));
    }

    /// <summary>The network as one process uses it.</summary>
    public IPeerNetwork Of(Machine machine) => new View(this, machine);

    /// <summary>Connects a process to the one that listens under a name.</summary>
    public Task<IPeerConnection> ConnectAsync(Machine from, string to)
    {
        var connected = new TaskCompletionSource<IPeerConnection>();
        var isThere = _listening.TryGetValue(to, out var far) && far.Machine.IsAlive && !weather.IsCut(from.Name, to) && !weather.IsCut(to, from.Name);
        // Who is cut off hears nothing for a while; who asks where nobody listens is told at once.
        var delay = isThere || _random.Happens(500) ? _random.Between(100 * World.Microsecond, World.Millisecond) : _random.Between(20, 300) * World.Millisecond;
        world.After(delay, from, "connect", () =>
        {
            if (!isThere || !far.Machine.IsAlive)
            {
                connected.TrySetException(new PeerLostException($"{to} cannot be reached from {from.Name}."));
                return;
            }
            var pipe = new PeerPipe(world, _random, weather, from, far.Machine, pings);
            _pipes.Add(pipe);
            world.After(0, far.Machine, "accept", () => _ = far.Answer(pipe.Far));
            connected.TrySetResult(pipe.Near);
        });
        return connected.Task;
    }

    private sealed class View(PeerNetwork network, Machine machine) : IPeerNetwork
    {
        public Task<IPeerConnection> ConnectAsync(string node, Uri address, CancellationToken cancel) => network.ConnectAsync(machine, node);
    }
}
