using Enforcer.Journal;

namespace Enforcer.Simulation.Kernel;

/// <summary>
/// A process: its threads, its clock, and its life. One that was killed does nothing any more, wherever it was; one that is frozen does nothing until it
/// wakes, and then everything that was due.
/// </summary>
internal sealed class Machine : WorkPool
{
    private readonly World _world;
    private readonly SimRandom _random;
    private readonly List<(string What, Action Action)> _deferred = [];

    public Machine(World world, string name, SimClock clock)
    {
        _world = world;
        _random = world.Random.Fork();
        Name = name;
        Clock = clock;
        clock.Machine = this;
        world.Add(this);
    }

    public string Name { get; }

    public SimClock Clock { get; }

    public bool IsAlive { get; private set; } = true;

    public bool IsFrozen { get; private set; }

    /// <summary>Cancelled when the world has ended.</summary>
    public CancellationToken Ending => _world.Ending;

    /// <summary>Called before it does anything; may kill it.</summary>
    public Action<string>? Hazard { get; set; }

    /// <summary>Whoever looks after it hears of its death.</summary>
    public Action? Killed { get; set; }

    public void Kill()
    {
        if (!IsAlive) return;
        IsAlive = false;
        _deferred.Clear();
        _world.Trace.Add(_world.Now, "killed", Name);
        Killed?.Invoke();
    }

    /// <summary>The world has ended.</summary>
    public void End()
    {
        Killed = null;
        Kill();
    }

    public void Freeze()
    {
        IsFrozen = true;
        _world.Trace.Add(_world.Now, "frozen", Name);
    }

    public void Wake()
    {
        IsFrozen = false;
        _world.Trace.Add(_world.Now, "awake", Name);
        var due = _deferred.ToArray();
        _deferred.Clear();
        // What was due happens at once, but in no order that anybody may rely on.
        foreach (var (what, action) in due) _world.After(_random.Between(0, World.Millisecond), this, what, action);
    }

    /// <summary>True if the machine may do something now; what it may not do for sleep, it does later.</summary>
    public bool MayRun(string what, Action action)
    {
        if (IsAlive && !IsFrozen) Hazard?.Invoke(what);
        if (IsAlive && !IsFrozen) return true;
        if (IsAlive) _deferred.Add((what, action));
        return false;
    }

    /// <summary>A thread of the pool takes it soon; now and then that takes a while, because the machine has other things to do.</summary>
    public override void Queue(IThreadPoolWorkItem work)
    {
        _world.RequireThread();
        if (!IsAlive) return;
        var delay = _random.Happens(20) ? _random.Between(0, 3 * World.Millisecond) : _random.Between(1, 20 * World.Microsecond);
        _world.After(delay, this, "work", work.Execute);
    }
}
