using Enforcer.Ledger.Commands;

namespace Enforcer.Host.Activations;

/// <summary>A command that waits for its account to be loaded or for its history.</summary>
internal sealed class ParkedCommand(in Command command)
{
    private readonly TaskCompletionSource<Execution> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Command Command { get; } = command;

    public Task<Execution> Task => _done.Task;

    public void Complete(in Execution execution) => _done.TrySetResult(execution);

    public void Fail(Exception exception) => _done.TrySetException(exception);

    /// <summary>It waits once more; what becomes of that becomes of it.</summary>
    public void CompleteWith(Task<Execution> pending) => pending.ContinueWith(Forward, this, TaskScheduler.Default);

    /// <summary>Fails all that wait.</summary>
    public static void FailAll(Queue<ParkedCommand>? waiting, Exception exception)
    {
        while (waiting is { Count: > 0 }) waiting.Dequeue().Fail(exception);
    }

    private static void Forward(Task<Execution> done, object? parked)
    {
        if (done.IsCompletedSuccessfully) ((ParkedCommand)parked!).Complete(done.Result);
        else ((ParkedCommand)parked!).Fail(done.Exception!.InnerException!);
    }
}
