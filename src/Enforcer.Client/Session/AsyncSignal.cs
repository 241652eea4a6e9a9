using System.Threading.Tasks.Sources;

namespace Enforcer.Client;

/// <summary>Wakes one waiter, on another thread, without allocating. A signal that nobody waits for is kept; several count as one.</summary>
internal sealed class AsyncSignal(Action<IThreadPoolWorkItem> queue) : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Signaled = 1;
    private const int Waiting = 2;
    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Signaled) == Waiting)
            queue(this);
    }

    /// <summary>One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
            return new(this, _core.Version);
        // A full fence, as in GetResult: what the waiter looks at next is read after this, so no signal falls between the two.
        Interlocked.Exchange(ref _state, Idle);
        return default;
    }

    void IThreadPoolWorkItem.Execute() => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        // Before the waiter looks at what it waited for, so that a signal from now on is not lost.
        Interlocked.Exchange(ref _state, Idle);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
