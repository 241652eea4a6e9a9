namespace Enforcer.Journal;

/// <summary>Several who wait for the same, each with a task of its own, so that they go on in the order in which they came. Not safe for concurrent use.</summary>
public sealed class Signals
{
    private readonly List<Signal> _waiting = [];

    /// <summary>One more waits.</summary>
    public Task Add()
    {
        var signal = new Signal();
        _waiting.Add(signal);
        return signal.Task;
    }

    /// <summary>It has happened. Tell it once, when nobody comes any more.</summary>
    public void Tell(WorkPool pool)
    {
        foreach (var signal in _waiting) signal.Tell(pool);
    }

    /// <summary>It will never happen. Tell it once, when nobody comes any more.</summary>
    public void Tell(WorkPool pool, Exception failure)
    {
        foreach (var signal in _waiting) signal.Tell(pool, failure);
    }
}
