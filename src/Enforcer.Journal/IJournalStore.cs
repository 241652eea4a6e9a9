using System.Runtime.CompilerServices;

namespace Enforcer.Journal;

/// <summary>
/// Where batches and heads are kept. One owner writes: opening claims the fence, and every append checks it inside its own
/// transaction, so that an owner that was replaced while it was paused can never add anything (SPEC 5.3).
/// </summary>
public interface IJournalStore : IAsyncDisposable
{
    /// <summary>Opens the store, claims its fence for this owner and says where the journal ends.</summary>
    /// <param name="owner">Who opens it, for messages: a machine and process, say.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="JournalCorruptException">The end of the journal is not what the fence says it is.</exception>
    /// <exception cref="JournalFormatException">It was written by a newer version.</exception>
    Task<JournalTip> OpenAsync(string owner, CancellationToken cancellation);

    /// <summary>Reads where the journal ends after an append whose outcome is unknown. The fence must still be this owner's.</summary>
    /// <exception cref="JournalFencedException">It is not.</exception>
    Task<JournalTip> ReadTipAsync(CancellationToken cancellation);

    /// <summary>
    /// Makes a batch durable. One at a time; returns at once and completes, possibly on the store's own thread, when the
    /// outcome is known. Continuations may run inline on that thread. Failures are results, not exceptions.
    /// </summary>
    ValueTask<AppendResult> AppendAsync(SealedBatch batch);

    /// <summary>Reads one batch, or null if there is none with this number.</summary>
    ValueTask<StoredBatch?> ReadBatchAsync(long number, CancellationToken cancellation);

    /// <summary>
    /// Reads a batch and, where one question brings many as well as one, some of those right before it in its stream: the newest first, at most so many,
    /// and after the first about two MiB at most. Empty if there is none with this number.
    /// </summary>
    async ValueTask<IReadOnlyList<StoredBatch>> ReadBackAsync(long number, int most, CancellationToken cancellation) =>
        await ReadBatchAsync(number, cancellation).ConfigureAwait(false) is { } batch ? [batch] : [];

    /// <summary>The batches of this store's stream that were archived, in their order; whoever goes through the journal does not miss them.</summary>
    ValueTask<IReadOnlyList<ArchivedBatches>> ReadArchivedAsync(CancellationToken cancellation) => ValueTask.FromResult<IReadOnlyList<ArchivedBatches>>([]);

    /// <summary>Reads batches in order, from the first number to the last; numbers that are missing are passed over.</summary>
    IAsyncEnumerable<StoredBatch> ReadBatchesAsync(long from, long through, CancellationToken cancellation);

    /// <summary>
    /// Reads the batches that may hold something from a span of time (Unix ms, both ends included): those that were open when it began, and all up to its end, in
    /// the order of their times. Where several nodes write one journal: of all nodes.
    /// </summary>
    async IAsyncEnumerable<StoredBatch> ReadSpanAsync(long fromMs, long throughMs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var first = Math.Max(1, await FindBatchBeforeAsync(fromMs, cancellation).ConfigureAwait(false));
        var last = throughMs == long.MaxValue ? long.MaxValue : await FindBatchBeforeAsync(throughMs + 1, cancellation).ConfigureAwait(false);
        await foreach (var batch in ReadBatchesAsync(first, last, cancellation).ConfigureAwait(false)) yield return batch;
    }

    /// <summary>Finds the last batch that was opened before this moment (Unix ms); if there is none, the number before the first one, 0 with one writer.</summary>
    ValueTask<long> FindBatchBeforeAsync(long atMs, CancellationToken cancellation);

    /// <summary>Reads an account's head, or null if none was written yet.</summary>
    ValueTask<AccountHead?> ReadHeadAsync(long account, CancellationToken cancellation);

    /// <summary>
    /// Reads an account's head for whoever is about to load the account and append to it. Where several nodes write one journal, this makes the account
    /// this node's if nobody owns it. A store with one writer owns them all.
    /// </summary>
    /// <exception cref="JournalElsewhereException">Another node owns it.</exception>
    /// <exception cref="JournalFencedException">This node was replaced.</exception>
    ValueTask<AccountHead?> ClaimHeadAsync(long account, CancellationToken cancellation) => ReadHeadAsync(account, cancellation);

    /// <summary>Reads all heads in the order of account numbers.</summary>
    IAsyncEnumerable<AccountHead> ReadHeadsAsync(CancellationToken cancellation);

    /// <summary>
    /// Writes heads, in bulk and behind the journal. An older head never replaces a newer one.
    /// </summary>
    /// <param name="heads">At most a few thousand; each at an entry that is durable.</param>
    /// <param name="coveredThrough">With these heads, every entry up to this batch is covered.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="JournalUnavailableException">They could not be written; try again later.</exception>
    /// <exception cref="JournalBrokenException">An fsync failed, now or before. Never try again.</exception>
    Task WriteHeadsAsync(IReadOnlyList<AccountHead> heads, long coveredThrough, CancellationToken cancellation);

    /// <summary>Reads accounts that time changes at or before this moment (Unix ms), the earliest first, as their heads know it.</summary>
    ValueTask<IReadOnlyList<DueAccount>> ReadDueAsync(long atMs, int limit, CancellationToken cancellation);
}
