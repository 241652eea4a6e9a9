using Enforcer.Journal;

namespace Enforcer.Host;

/// <summary>How a host of accounts behaves. Times in ms.</summary>
public sealed record HostOptions
{
    /// <summary>An account that nothing has happened to for so long leaves memory; reading it does not count.</summary>
    public long IdleMs { get; init; } = 60_000;

    /// <summary>How often heads and snapshots of changed accounts are handed to the journal.</summary>
    public long HeadsIntervalMs { get; init; } = 5_000;

    /// <summary>How often reservations that are due are ended.</summary>
    public long ExpiryTickMs { get; init; } = 100;

    /// <summary>The most commands that wait for one account to be loaded or for its history.</summary>
    public int MaxParkedPerAccount { get; init; } = 4_096;

    /// <summary>How many operations the filter of recent operations can hold; 8 bytes each, taken from the system as they are used.</summary>
    public int RecentOperations { get; init; } = 8 * 1024 * 1024;

    /// <summary>How many accounts are loaded, or histories walked, at the same time.</summary>
    public int MaxConcurrentReads { get; init; } = 4;

    /// <summary>A reservation that ends by time later than this is waited for only if it is still open when heads are due.</summary>
    internal long FarOffMs => 2 * HeadsIntervalMs;

    /// <summary>
    /// An account that nothing has happened to for so long takes less memory. Not one that is busy: with its next command it would need all of it again, and
    /// with thousands of such accounts each collection of garbage would have to look for what all of them were given since the last.
    /// </summary>
    internal long QuietMs => HeadsIntervalMs;

    /// <summary>Is told what accounts append; null for nobody.</summary>
    public IAccountObserver? Observer { get; init; }

    /// <summary>Where accounts are loaded and histories walked, and where those who wait for that go on.</summary>
    public WorkPool Work { get; init; } = WorkPool.Threads;
}
