using System.Collections.Concurrent;

namespace Enforcer.Client.Tests.Support;

/// <summary>Keeps what a session answered.</summary>
public sealed class Recorder : IOutcomeHandler
{
    private int _count;

    public ConcurrentDictionary<long, SessionOutcome> Outcomes { get; } = new();

    public ConcurrentDictionary<long, EnforcerException> Failures { get; } = new();

    /// <summary>All answers, also a second one to the same command.</summary>
    public int Count => Volatile.Read(ref _count);

    public void OnOutcome(long mark, in SessionOutcome outcome)
    {
        Outcomes[mark] = outcome;
        Interlocked.Increment(ref _count);
    }

    public void OnFailure(long mark, EnforcerException failure)
    {
        Failures[mark] = failure;
        Interlocked.Increment(ref _count);
    }
}
