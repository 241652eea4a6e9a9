namespace Enforcer.Simulation.Kernel;

/// <summary>A timer of a machine. Ticks that came due while the machine slept are one.</summary>
internal sealed class SimTimer(World world, Machine machine, TimerCallback callback, object? state) : ITimer
{
    private long _version;
    private long _period;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _version++;
        _period = period.Ticks;
        if (dueTime >= TimeSpan.Zero) Arm(dueTime.Ticks);
        return true;
    }

    public void Dispose() => _version++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Arm(long delay)
    {
        var version = _version;
        world.After(delay, machine, "timer", () =>
        {
            if (version != _version) return;
            if (_period > 0) Arm(_period);
            callback(state);
        });
    }
}
