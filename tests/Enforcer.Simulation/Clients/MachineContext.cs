using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Clients;

/// <summary>Brings what the SDK tells its callers, who would go on on a thread of the pool, back to their machine.</summary>
internal sealed class MachineContext(Machine machine) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => machine.Queue(new Work(d, state));

    /// <summary>Waits for something; whoever awaits this goes on on the machine.</summary>
    public Task<T> Bring<T>(ValueTask<T> pending)
    {
        if (pending.IsCompleted) return pending.AsTask();
        var brought = new TaskCompletionSource<T>();
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var awaiter = pending.GetAwaiter();
            awaiter.UnsafeOnCompleted(() => Take(awaiter, brought));
        }
        finally
        {
            SetSynchronizationContext(before);
        }
        return brought.Task;
    }

    private static void Take<T>(System.Runtime.CompilerServices.ValueTaskAwaiter<T> awaiter, TaskCompletionSource<T> brought)
    {
        try
        {
            brought.TrySetResult(awaiter.GetResult());
        }
#pragma warning disable CA1031 // It is thrown on, to whoever waits.
        catch (Exception error)
#pragma warning restore CA1031
        {
            brought.TrySetException(error);
        }
    }

    private sealed class Work(SendOrPostCallback callback, object? state) : IThreadPoolWorkItem
    {
        public void Execute() => callback(state);
    }
}
