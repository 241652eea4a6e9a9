namespace Enforcer.Journal;

/// <summary>How an append to a store went.</summary>
public enum AppendStatus
{
    /// <summary>The batch is durable.</summary>
    Appended = 0,

    /// <summary>
    /// Nothing was written: some accounts belong to another owner now. Try again without them. They are all that were taken since the last
    /// append, whether the batch holds records of theirs or not, and each loss is told once.
    /// Their heads say where they ended when they were taken (<see cref="AccountHead.End"/>).
    /// </summary>
    Rejected = 1,

    /// <summary>Nothing was written: there is no room. It may be tried again later.</summary>
    Full = 2,

    /// <summary>It failed, and nobody knows whether the batch is durable; the store must be asked for its tip.</summary>
    Unknown = 3,

    /// <summary>Nothing was written: another owner holds the fence. Never try again.</summary>
    Fenced = 4,

    /// <summary>
    /// An fsync failed: not even the operating system knows what the disk holds. Or the journal's own code failed. Never try again.
    /// </summary>
    Broken = 5,
}
