using Enforcer.Ledger.Entries;

namespace Enforcer.Journal;

/// <summary>
/// The durable order of all accounts' entries, as hosts see it. It says when something is durable; nothing may be told to
/// anybody before (SPEC 5.2).
/// </summary>
/// <remarks>
/// Appending never waits for a disk. Records of many accounts gather in an open batch; while one batch is being written the
/// next one fills. If a batch fails, its outcome may be unknown: it and everything after it count as lost, a new
/// <see cref="Generation"/> begins, and the accounts concerned are loaded again from what really is in the store.
/// </remarks>
public interface IJournal
{
    /// <summary>Whether a record would be taken now. Ask before deciding a command: a refusal then costs nothing.</summary>
    JournalReadiness Readiness { get; }

    /// <summary>True if <see cref="Readiness"/> is ready.</summary>
    bool CanAccept => Readiness == JournalReadiness.Ready;

    /// <summary>Counts losses of records. A tail read now carries this number.</summary>
    int Generation { get; }

    /// <summary>Everything up to this batch is durable.</summary>
    long DurableBatch { get; }

    /// <summary>Why the last append failed; null while all is well.</summary>
    Exception? LastError { get; }

    /// <summary>
    /// Raised once per loss, on the writer's thread, after the loss takes effect for <see cref="Append"/> and before any waiter is told:
    /// drop the accounts named. Handlers must be quick and must not throw.
    /// </summary>
    event Action<LostRecords>? Lost;

    /// <summary>
    /// Adds the entries of one command to the open batch as one record, all or nothing, and moves the tail on. Called by the
    /// account's only writer. A soft bound: it takes a record even if <see cref="Readiness"/> turned busy a moment ago.
    /// </summary>
    /// <param name="tail">The account's tail; unchanged if the call throws.</param>
    /// <param name="entries">At least one; they follow the tail without a gap.</param>
    /// <returns>What the answer must wait for: <see cref="AccountTail.Ticket"/> of the new tail.</returns>
    /// <exception cref="JournalLostException">The tail stands on records that were lost: drop the account and load it again.</exception>
    /// <exception cref="JournalUnavailableException">The store cannot be written; nothing was changed.</exception>
    /// <exception cref="ArgumentException">The entries do not follow the tail.</exception>
    AppendTicket Append(ref AccountTail tail, ReadOnlySpan<Entry> entries);

    /// <summary>
    /// True if the tail stands on records that were lost, or its account belongs to another owner now: drop the account and load it again.
    /// Otherwise the tail becomes one of the present generation, so that its ticket can be waited for. Next to free as long as nothing is ever lost.
    /// </summary>
    bool IsLost(ref AccountTail tail);

    /// <summary>True once the ticket's batch is durable; false before, and for a lost one.</summary>
    bool IsDurable(AppendTicket ticket);

    /// <summary>
    /// Completes when the ticket's batch is durable; all who wait for one batch share one task. Continuations run on the
    /// thread pool.
    /// </summary>
    /// <exception cref="JournalLostException">The batch was lost, or nobody knows; thrown by the awaited task.</exception>
    ValueTask WhenDurableAsync(AppendTicket ticket);
}
