using Enforcer.Journal.Format;

namespace Enforcer.Journal.Committing;

/// <summary>
/// Reads what the heads do not contain yet, so that a successor completes what its predecessor left behind. Only the headers of records
/// are read; the chain of hashes is checked on the way.
/// </summary>
internal sealed class Recovery(IJournalStore store, bool servesDamaged)
{
    private readonly HashSet<long> _damaged = [];
    private long _readThrough;
    private byte[] _hash = BatchFormat.NoHash.ToArray();

    /// <summary>Where the accounts' journals end.</summary>
    public TailIndex Tails { get; } = new();

    /// <summary>The accounts whose journals are damaged and that must not be served; filled while opening.</summary>
    public IReadOnlySet<long> Damaged => _damaged;

    /// <summary>At opening: from the batch up to which all heads are complete.</summary>
    public async Task ReadFromCoveredAsync(JournalTip tip, CancellationToken cancellation)
    {
        Tails.Reset(tip.CoveredThrough);
        _readThrough = tip.CoveredThrough;
        if (_readThrough > BatchNumber.OriginOf(_readThrough))
        {
            var last = await store.ReadBatchAsync(_readThrough, cancellation).ConfigureAwait(false);
            _hash = last?.Hash.ToArray() ?? throw Missing(_readThrough);
        }
        await ReadOnAsync(tip, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes note of a batch that this process made durable itself.</summary>
    public void Add(SealedBatch batch)
    {
        Tails.Add(batch.Payload.Span, batch.Number);
        _readThrough = batch.Number;
        batch.Hash.Span.CopyTo(_hash);
    }

    /// <summary>After a failure: what became durable without anybody knowing.</summary>
    /// <exception cref="JournalCorruptException">The journal's end is damaged; account and entry are named if that can be told.</exception>
    public async Task ReadOnAsync(JournalTip tip, CancellationToken cancellation)
    {
        await foreach (var batch in store.ReadBatchesAsync(_readThrough + 1, tip.Batch, cancellation).ConfigureAwait(false))
        {
            try
            {
                BatchFormat.Check(batch, _readThrough + 1, _hash);
            }
            catch (JournalCorruptException e)
            {
                await ExamineAsync(e, batch, cancellation).ConfigureAwait(false);
            }
            Tails.Add(batch.Payload.Span, batch.Number);
            _readThrough = batch.Number;
            _hash = batch.Hash.ToArray();
        }
        if (_readThrough != tip.Batch) throw Missing(_readThrough + 1);
        if (!tip.Hash.Span.SequenceEqual(_hash))
        {
            throw new JournalCorruptException(
                $"Batch {tip.Batch} is the last one, but does not have the hash that was filed for it. Run `enforcer verify`.")
            { Batch = tip.Batch };
        }
    }

    /// <summary>Says what is damaged, or sets it aside if that was asked for and is safe.</summary>
    private async Task ExamineAsync(JournalCorruptException error, StoredBatch batch, CancellationToken cancellation)
    {
        var damage = await BatchDamage.ExamineAsync(store, Tails, batch, cancellation).ConfigureAwait(false);
        if (servesDamaged && batch.Number == _readThrough + 1 && damage.CanBeSetAside)
        {
            _damaged.UnionWith(damage.Accounts);
            return;
        }
        var where = damage.FirstAccount == 0
            ? ""
            : $" The first entry that is not sound is entry {damage.FirstSeq} of account {damage.FirstAccount}.";
        throw new JournalCorruptException($"{error.Message}{where} Run `enforcer verify`, and restore a backup.", error)
        {
            Batch = batch.Number,
            Account = damage.FirstAccount,
            Seq = damage.FirstSeq,
        };
    }

    private static JournalCorruptException Missing(long batch) =>
        new($"Batch {batch} is missing, although later ones were durable: the journal was cut. Run `enforcer verify`.") { Batch = batch };
}
