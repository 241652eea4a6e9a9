namespace Enforcer.Journal;

/// <summary>Bounds and delays of group commit.</summary>
public sealed record JournalOptions
{
    /// <summary>The open batch counts as full at so many bytes.</summary>
    public int MaxBatchBytes { get; init; } = 4 << 20;

    /// <summary>The open batch counts as full at so many records.</summary>
    public int MaxBatchRecords { get; init; } = 32_768;

    /// <summary>How long to wait before the store is tried again after a failure; doubles up to <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between attempts.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Opens a journal with damaged batches at its end nevertheless, if it is certain which accounts are concerned: those alone are not served.
    /// A journal that was cut, or in which that cannot be told, is refused all the same.
    /// </summary>
    public bool ServeDamaged { get; init; }

    /// <summary>
    /// Called once when the journal ends for good: a failed fsync, after which nobody knows what the disk holds, or another
    /// owner's fence. The process must end then. Null leaves it to whoever watches <see cref="IJournal.Readiness"/>.
    /// </summary>
    public Action<Exception>? OnEnded { get; init; }

    /// <summary>
    /// How long a batch may wait for those who were answered a moment ago and will be back. Worth it where a commit costs much, however little is in it; zero
    /// where it is cheap: there is no wait.
    /// </summary>
    public TimeSpan LongestGathering { get; init; }

    /// <summary>
    /// So many who wait for a batch share one task. Enough to be worth waking a thread for, few enough that many cores share a large batch. With 1, each
    /// goes on in an order of its own.
    /// </summary>
    public int MaxWaitersTogether { get; init; } = 16;

    /// <summary>Where those who wait for a batch go on.</summary>
    public WorkPool Work { get; init; } = WorkPool.Threads;
}
