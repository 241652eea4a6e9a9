using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Nodes;

/// <summary>Messages between machines: some are lost, some come twice, all take their time and may overtake each other.</summary>
internal sealed class Network(World world, Weather weather)
{
    private readonly SimRandom _random = world.Random.Fork();
    private readonly Dictionary<(string From, string To), long> _latest = [];

    /// <summary>Sends something; where it arrives is decided when it does, because the machine may have been replaced by then.</summary>
    public void Send(Machine from, string to, string what, Func<Machine?> target, Action<Machine> deliver)
    {
        world.RequireThread();
        if (!from.IsAlive || weather.IsCut(from.Name, to)) return;
        if (_random.Happens(weather.MessageLossPerMille))
        {
            weather.Tally.Count(FaultKind.MessageLost);
            return;
        }
        var copies = _random.Happens(weather.MessageDoublePerMille) ? 2 : 1;
        if (copies > 1) weather.Tally.Count(FaultKind.MessageDoubled);
        for (var copy = 0; copy < copies; copy++)
        {
            var delay = Delay();
            if (delay >= World.Millisecond) weather.Tally.Count(FaultKind.MessageDelayed);
            if (world.Now + delay < _latest.GetValueOrDefault((from.Name, to))) weather.Tally.Count(FaultKind.MessageOvertaken);
            else _latest[(from.Name, to)] = world.Now + delay;
            world.After(delay, null, what, () =>
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
