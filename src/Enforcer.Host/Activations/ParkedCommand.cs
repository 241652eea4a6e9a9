using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Host.Activations;

/// <summary>A command that waits for its account to be loaded or for its history. Whoever handed it in goes on through the pool.</summary>
internal sealed class ParkedCommand(in Command command, long deadlineMs, WorkPool work) : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<Execution> _done = new();
    private Execution _execution;
    private Exception? _failure;
    private bool _isEnded;

    public Command Command { get; } = command;

    /// <summary>The moment, Unix ms, after which nobody waits for it any more.</summary>
    public long DeadlineMs { get; } = deadlineMs;

    public Task<Execution> Task => _done.Task;

    /// <summary>True once it is certain what becomes of it.</summary>
    public bool IsEnded => Volatile.Read(ref _isEnded);

    /// <summary>It was decided, or waits once more; what becomes of that becomes of it.</summary>
    public void Complete(in Execution execution)
    {
        if (execution.Pending is { } pending)
        {
            pending.ContinueWith(Forward, this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return;
        }
        if (!TryEnd()) return;
        _execution = execution;
        work.Queue(this);
    }

    /// <summary>
    /// Ends it undecided if its deadline is over: nobody would learn of what it did, and what it takes would be held until that expires. Only before it is decided.
    /// </summary>
    public bool TryDrop(long nowMs)
    {
        if (nowMs < DeadlineMs) return false;
        Complete(new Execution(Outcome.Refuse(Refusal.Unavailable, 0), default));
        return true;
    }

    public void Fail(Exception exception)
    {
        if (!TryEnd()) return;
        _failure = exception;
        work.Queue(this);
    }

    /// <summary>Fails all that wait.</summary>
    public static void FailAll(Queue<ParkedCommand>? waiting, Exception exception)
    {
        while (waiting is { Count: > 0 }) waiting.Dequeue().Fail(exception);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is { } failure) _done.SetException(failure);
        else _done.SetResult(_execution);
    }

    private bool TryEnd() => !Interlocked.Exchange(ref _isEnded, true);

    private static void Forward(Task<Execution> done, object? parked)
    {
        if (done.IsCompletedSuccessfully) ((ParkedCommand)parked!).Complete(done.Result);
        else ((ParkedCommand)parked!).Fail(done.Exception!.InnerException!);
    }
}
