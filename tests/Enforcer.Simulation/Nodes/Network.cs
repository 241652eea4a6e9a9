using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Nodes;

/// <summary>Messages between machines: some are lost, some come twice, all take their time and may overtake each other.</summary>
internal sealed class Network(World world, Weather weather)
{
    private readonly SimRandom _random = world.Random.Fork();

    /// <summary>Sends something; where it arrives is decided when it does, because the machine may have been replaced by then.</summary>
    public void Send(Machine from, string to, string what, Func<Machine?> target, Action<Machine> deliver)
    {
        world.RequireThread();
        if (!from.IsAlive || weather.IsCut(from.Name, to) || _random.Happens(weather.MessageLossPerMille)) return;
        var copies = _random.Happens(weather.MessageDoublePerMille) ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            world.After(Delay(), null, what, () =>
            {
                if (target() is not { IsAlive: true } machine) return;
                world.After(0, machine, what, () => deliver(machine));
            });
        }
    }

    private long Delay() => _random.Happens(30)
        ? _random.Between(World.Millisecond, 80 * World.Millisecond)
        : _random.Between(30 * World.Microsecond, 500 * World.Microsecond);
}
