using System.Collections.Concurrent;

namespace Enforcer.SimulatedUpstream;

/// <summary>Everything that was served so far: each call once, as soon as it has ended in whatever way.</summary>
public sealed class ServedCalls
{
    private readonly ConcurrentQueue<ServedCall> _calls = [];
    private int _started;

    /// <summary>Calls that have ended.</summary>
    public IReadOnlyList<ServedCall> All => [.. _calls];

    /// <summary>How many calls have ended, and all tokens together.</summary>
    public ServedTotal Total => _calls.Aggregate(new ServedTotal(0, 0, 0, 0, 0, 0, 0, 0), static (total, call) => total.Plus(call));

    /// <summary>Calls that were accepted, ended or not.</summary>
    public int Started => Volatile.Read(ref _started);

    internal void Start() => Interlocked.Increment(ref _started);

    internal void End(ServedCall call) => _calls.Enqueue(call);
}
