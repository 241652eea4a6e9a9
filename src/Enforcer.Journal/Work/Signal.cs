namespace Enforcer.Journal;

/// <summary>
/// Something that others wait for. It is told from wherever it happens, under a lock too: those who wait go on through the pool. Of several who share its
/// task only the first goes on in the same piece of work.
/// </summary>
public sealed class Signal : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource _source = new();
    private Exception? _failure;

    /// <summary>Completes some time after it was told.</summary>
    public Task Task => _source.Task;

    /// <summary>It has happened. Tell it once.</summary>
    public void Tell(WorkPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        pool.Queue(this);
    }

    /// <summary>It will never happen. Tell it once.</summary>
    public void Tell(WorkPool pool, Exception failure)
    {
        _failure = failure;
        Tell(pool);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is { } failure) _source.TrySetException(failure);
        else _source.TrySetResult();
    }
}
