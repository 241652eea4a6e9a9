namespace Enforcer.Simulation.Kernel;

/// <summary>A machine's clocks: one that people set, which may be wrong and may jump, and one that only counts. It survives its machine's processes.</summary>
internal sealed class SimClock(World world, long offset) : TimeProvider
{
    /// <summary>When worlds begin: a moment on a Saturday, so that no calendar boundary is near.</summary>
    public static readonly DateTimeOffset Beginning = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    /// <summary>How far it is ahead of the world, in ticks.</summary>
    public long Offset { get; set; } = offset;

    /// <summary>Whose timers these are.</summary>
    public Machine? Machine { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => Beginning.AddTicks(world.Now + Offset);

    public override long GetTimestamp() => world.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        world.RequireThread();
        var timer = new SimTimer(world, Machine!, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
