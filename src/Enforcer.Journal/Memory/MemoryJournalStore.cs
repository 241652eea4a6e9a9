using System.Runtime.CompilerServices;
using Enforcer.Journal.Format;

namespace Enforcer.Journal.Memory;

/// <summary>
/// A store that forgets everything when the process ends: for tests and for trying things out. It keeps every promise of
/// <see cref="IJournalStore"/> but the disk, the fence included: several stores over one <see cref="MemoryJournal"/> are
/// successive owners of the same journal.
/// </summary>
public sealed class MemoryJournalStore : IJournalStore
{
    private readonly MemoryJournal _journal;
    private long _epoch;

    /// <summary>An owner of a journal of its own.</summary>
    public MemoryJournalStore() : this(new MemoryJournal())
    {
    }

    /// <summary>An owner of a journal that others may own after it.</summary>
    public MemoryJournalStore(MemoryJournal journal) => _journal = journal;

    /// <inheritdoc/>
    public Task<JournalTip> OpenAsync(string owner, CancellationToken cancellation)
    {
        lock (_journal)
        {
            _epoch = ++_journal.Epoch;
            return Task.FromResult(Tip());
        }
    }

    /// <inheritdoc/>
    public Task<JournalTip> ReadTipAsync(CancellationToken cancellation)
    {
        lock (_journal)
        {
            return _epoch == _journal.Epoch ? Task.FromResult(Tip()) : Task.FromException<JournalTip>(Fenced());
        }
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(SealedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_journal)
        {
            if (_epoch != _journal.Epoch) return ValueTask.FromResult(AppendResult.Fenced(Fenced()));
            var tip = Tip();
            if (batch.Number != tip.Batch + 1 || !batch.PreviousHash.Span.SequenceEqual(tip.Hash.Span))
                return ValueTask.FromResult(AppendResult.Fenced(Fenced()));
            _journal.Batches.Add(new StoredBatch(
                batch.Number, batch.FirstAtMs, batch.Entries, batch.Hash.ToArray(), batch.Payload.ToArray()));
            return ValueTask.FromResult(AppendResult.Appended);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> ReadBatchAsync(long number, CancellationToken cancellation)
    {
        lock (_journal)
        {
            var exists = number >= 1 && number <= _journal.Batches.Count;
            return ValueTask.FromResult(exists ? _journal.Batches[(int)number - 1] : null);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredBatch> ReadBatchesAsync(long from, long through, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var number = from; number <= through; number++)
        {
            if (await ReadBatchAsync(number, cancellation).ConfigureAwait(false) is not { } batch) yield break;
            yield return batch;
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> FindBatchBeforeAsync(long atMs, CancellationToken cancellation)
    {
        lock (_journal)
        {
            return ValueTask.FromResult((long)_journal.Batches.FindLastIndex(b => b.FirstAtMs < atMs) + 1);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AccountHead?> ReadHeadAsync(long account, CancellationToken cancellation)
    {
        lock (_journal) return ValueTask.FromResult(_journal.Heads.GetValueOrDefault(account));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AccountHead> ReadHeadsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        AccountHead[] heads;
        lock (_journal) heads = [.. _journal.Heads.Values];
        foreach (var head in heads) yield return await ValueTask.FromResult(head).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task WriteHeadsAsync(IReadOnlyList<AccountHead> heads, long coveredThrough, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(heads);
        lock (_journal)
        {
            if (_epoch != _journal.Epoch) return Task.FromException(Fenced());
            foreach (var head in heads)
            {
                if (_journal.Heads.TryGetValue(head.Account, out var known) && known.Seq > head.Seq) continue;
                _journal.Heads[head.Account] = head;
            }
            _journal.CoveredThrough = Math.Max(_journal.CoveredThrough, coveredThrough);
            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DueAccount>> ReadDueAsync(long atMs, int limit, CancellationToken cancellation)
    {
        lock (_journal)
        {
            var due = _journal.Heads.Values.Where(h => h.NextExpiryMs <= atMs).OrderBy(h => h.NextExpiryMs).ThenBy(h => h.Account);
            return ValueTask.FromResult<IReadOnlyList<DueAccount>>([.. due.Take(limit).Select(h => new DueAccount(h.Account, h.NextExpiryMs))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private JournalTip Tip() => _journal.Batches.Count == 0
        ? new JournalTip(0, BatchFormat.NoHash, 0, _epoch, _journal.CoveredThrough)
        : new JournalTip(_journal.Batches[^1].Number, _journal.Batches[^1].Hash, _journal.Batches[^1].FirstAtMs, _epoch, _journal.CoveredThrough);

    private static JournalFencedException Fenced() => new("Another owner has opened this journal since.");
}
