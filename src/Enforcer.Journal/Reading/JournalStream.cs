namespace Enforcer.Journal.Reading;

/// <summary>One node's stream of batches while it is gone through.</summary>
internal sealed class JournalStream(IJournalStore store, JournalTip? tip, IReadOnlyList<ArchivedBatches> archived) : IAsyncDisposable
{
    private IAsyncEnumerator<StoredBatch>? _batches;
    private bool _isRead;

    /// <summary>A stream of a store that was opened.</summary>
    public static async Task<JournalStream> OpenAsync(IJournalStore store, JournalTip? tip, CancellationToken cancellation) =>
        new(store, tip, await store.ReadArchivedAsync(cancellation).ConfigureAwait(false));

    /// <summary>Where it is kept.</summary>
    public IJournalStore Store { get; } = store;

    /// <summary>Where it ended when it was last looked at; null if that cannot be read.</summary>
    public JournalTip? Tip { get; private set; } = tip;

    /// <summary>The number before its first batch.</summary>
    public long Origin { get; } = OriginOf(tip);

    /// <summary>What there is no more of it.</summary>
    public IReadOnlyList<ArchivedBatches> Archived { get; } = archived;

    /// <summary>The last batch taken, or archived before any that is left.</summary>
    public long Position { get; private set; } = archived.Aggregate(OriginOf(tip), static (position, some) => some.From == position + 1 ? some.Through : position);

    /// <summary>The batch that comes next, once it was asked for.</summary>
    public StoredBatch? Next { get; private set; }

    /// <summary>Reads the batch that comes next; null at the end.</summary>
    public async ValueTask<StoredBatch?> PeekAsync(CancellationToken cancellation)
    {
        if (_isRead) return Next;
        _batches ??= Store.ReadBatchesAsync(Position + 1, Tip?.Batch ?? long.MaxValue, cancellation).GetAsyncEnumerator(cancellation);
        Next = await _batches.MoveNextAsync().ConfigureAwait(false) ? _batches.Current : null;
        _isRead = true;
        return Next;
    }

    /// <summary>Goes on behind the batch that came next.</summary>
    public StoredBatch Take()
    {
        var taken = Next!;
        Position = taken.Number;
        Next = null;
        _isRead = false;
        return taken;
    }

    /// <summary>Looks whether a batch has been added since the end was last looked at; if so, what was added is gone through, too.</summary>
    public async ValueTask<bool> ExtendAsync(long batch, CancellationToken cancellation)
    {
        if (Tip is null || batch <= Tip.Batch) return false;
        var now = await Store.ReadTipAsync(cancellation).ConfigureAwait(false);
        if (batch > now.Batch) return false;
        Tip = now;
        await DisposeAsync().ConfigureAwait(false);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_batches is not null) await _batches.DisposeAsync().ConfigureAwait(false);
        _batches = null;
        _isRead = false;
        Next = null;
    }

    private static long OriginOf(JournalTip? tip) => tip is null ? 0 : BatchNumber.OriginOf(tip.Batch);
}
