namespace Enforcer.Journal;

/// <summary>
/// Where work goes on that must not go on where it was begun: under a lock, or on the thread that writes. That is the thread pool, unless somebody
/// wants everything on one thread and in an order of their own, so that a run can be repeated exactly.
/// </summary>
/// <remarks>
/// Everything in the journal and the host that leaves its thread leaves it through here, through the clock's timers or through the store. What is awaited
/// otherwise goes on inline.
/// </remarks>
public abstract class WorkPool
{
    /// <summary>The threads of the process.</summary>
    public static WorkPool Threads { get; } = new ThreadPoolWork();

    /// <summary>Runs the work later, never within this call.</summary>
    public abstract void Queue(IThreadPoolWorkItem work);

    /// <summary>The same for work that is begun rarely: it costs an object.</summary>
    public void Queue(Action work) => Queue(new Item(work));

    private sealed class ThreadPoolWork : WorkPool
    {
        public override void Queue(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }

    private sealed class Item(Action work) : IThreadPoolWorkItem
    {
        public void Execute() => work();
    }
}
