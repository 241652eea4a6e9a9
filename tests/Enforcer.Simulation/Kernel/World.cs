namespace Enforcer.Simulation.Kernel;

/// <summary>
/// One simulated world: a clock that moves from event to event, and nothing that happens outside of an event. All of it runs on one thread; whatever
/// leaves that thread is found out, because it would make the run unrepeatable.
/// </summary>
internal sealed class World
{
    private const string Left = "Work has left the simulated world's thread; send it through WorkPool or the TimeProvider.";
    public const long Microsecond = TimeSpan.TicksPerMicrosecond;
    public const long Millisecond = TimeSpan.TicksPerMillisecond;
    public const long Second = TimeSpan.TicksPerSecond;
    private readonly PriorityQueue<Happening, (long At, long Order)> _events = new();
    private readonly List<Machine> _machines = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;

    public World(ulong seed, TextWriter? text, CancellationToken ending)
    {
        Ending = ending;
        Random = new SimRandom(seed);
        Trace = new Trace(text);
    }

    /// <summary>Cancelled when the world has ended, so that whatever runs for ever comes to an end, and on this thread.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Ticks since the world began.</summary>
    public long Now { get; private set; }

    public SimRandom Random { get; }

    public Trace Trace { get; }

    /// <summary>The first promise that was broken; the run ends there.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>Lets something happen later; on a machine only if that one lives then, and not before it is awake.</summary>
    public void After(long delay, Machine? machine, string what, Action action)
    {
        RequireThread();
        _events.Enqueue(new Happening(machine, what, action), (Now + delay, _order++));
    }

    public void Add(Machine machine) => _machines.Add(machine);

    /// <summary>
    /// All machines stop. Whoever ends the world then cancels <see cref="Ending"/>: until then every machine's work is kept, the dead ones' too, because a
    /// timer that is collected as garbage would wake whoever waits for it, on a thread of the runtime's own.
    /// </summary>
    public void End()
    {
        foreach (var machine in _machines) machine.End();
    }

    public void Break(string rule, string what)
    {
        Trace.Tell(Now, "CHECK", $"{rule}: {what}");
        Violation ??= new Violation(rule, what, Now / Millisecond);
    }

    /// <summary>Runs until a moment, or until a promise is broken or the condition holds.</summary>
    public void Run(long until, Func<bool> isOver)
    {
        while (Violation is null && !isOver() && _events.TryPeek(out var happening, out var when) && when.At <= until)
        {
            _events.Dequeue();
            Now = when.At;
            if (happening.Machine is { } machine && !machine.MayRun(happening.What, happening.Action)) continue;
            Trace.Add(Now, happening.What, happening.Machine?.Name ?? "-");
            happening.Action();
        }
        if (Violation is null && !isOver()) Now = Math.Max(Now, until);
    }

    /// <summary>Everything that production code reaches asks this.</summary>
    public void RequireThread()
    {
        if (Environment.CurrentManagedThreadId == _thread) return;
        // Whoever catches the exception must not hide that the world cannot be had again.
        Violation ??= new Violation("repeatable", Left, Now / Millisecond);
        throw new InvalidOperationException(Left);
    }

    private readonly record struct Happening(Machine? Machine, string What, Action Action);
}
