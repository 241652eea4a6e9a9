namespace Enforcer.Journal.Committing;

/// <summary>
/// Those who wait for one batch. They are told in groups, of which each is one piece of work for the pool: so the writer's thread wakes a few others and
/// not one for each waiter. Not safe for concurrent use.
/// </summary>
internal sealed class Waiters
{
    private List<Signal>? _groups;
    private int _inLast;

    /// <summary>A task that completes with the batch.</summary>
    /// <param name="maxTogether">The most that share it.</param>
    public Task Add(int maxTogether)
    {
        _groups ??= [];
        if (_groups.Count == 0 || _inLast >= maxTogether)
        {
            _groups.Add(new Signal());
            _inLast = 0;
        }
        _inLast++;
        return _groups[^1].Task;
    }

    /// <summary>Takes all of them out, to be told outside of every lock; null if nobody waits.</summary>
    public List<Signal>? Take()
    {
        var groups = _groups;
        _groups = null;
        return groups;
    }

    /// <summary>Tells all that their batch is durable.</summary>
    public static void Complete(List<Signal>? groups, WorkPool pool)
    {
        foreach (var group in groups ?? []) group.Tell(pool);
    }

    /// <summary>Tells all that their batch was lost, or that nobody knows.</summary>
    public static void Fail(List<Signal>? groups, WorkPool pool, Exception lost)
    {
        foreach (var group in groups ?? []) group.Tell(pool, lost);
    }
}
