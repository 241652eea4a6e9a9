using Enforcer.Journal.Format;

namespace Enforcer.Journal.Committing;

/// <summary>
/// Reads what the heads do not contain yet, so that a successor completes what its predecessor left behind. Only the headers of records
/// are read; the chain of hashes is checked on the way.
/// </summary>
internal sealed class Recovery(IJournalStore store)
{
    private long _readThrough;
    private byte[] _hash = BatchFormat.NoHash.ToArray();

    /// <summary>Where the accounts' journals end.</summary>
    public TailIndex Tails { get; } = new();

    /// <summary>At opening: from the batch up to which all heads are complete.</summary>
    public async Task ReadFromCoveredAsync(JournalTip tip, CancellationToken cancellation)
    {
        Tails.Reset(tip.CoveredThrough);
        _readThrough = tip.CoveredThrough;
        if (_readThrough > 0)
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
                Tails.Add(batch.Payload.Span, batch.Number);
            }
            catch (JournalCorruptException e)
            {
                throw await LocatedAsync(e, batch, cancellation).ConfigureAwait(false);
            }
            _readThrough = batch.Number;
            _hash = batch.Hash.ToArray();
        }
        if (_readThrough != tip.Batch) throw Missing(_readThrough + 1);
        if (!tip.Hash.Span.SequenceEqual(_hash))
        {
            throw new JournalCorruptException(
                $"Batch {tip.Batch} is the last one, but does not have the hash that was filed for it. Run `enforcer verify`.") { Batch = tip.Batch };
        }
    }

    /// <summary>Looks for the first record that does not continue its account's chain.</summary>
    private async Task<JournalCorruptException> LocatedAsync(JournalCorruptException error, StoredBatch batch, CancellationToken cancellation)
    {
        var ends = new Dictionary<long, AccountTail>();
        foreach (var account in AccountsIn(batch))
        {
            if (Tails.TryGet(account, out var tail)) ends[account] = tail;
            else if (await store.ReadHeadAsync(account, cancellation).ConfigureAwait(false) is { } head)
                ends[account] = new AccountTail { Account = account, Seq = head.Seq, LastBatch = head.LastBatch, Crc = head.Crc };
            else ends[account] = new AccountTail { Account = account, Crc = Checksum.SeedOf(account) };
        }
        var (bad, seq) = FirstUnsound(batch, ends);
        var where = bad == 0 ? "" : $" The first entry that is not sound is entry {seq} of account {bad}.";
        return new JournalCorruptException($"{error.Message}{where} Run `enforcer verify`.", error) { Batch = batch.Number, Account = bad, Seq = seq };
    }

    private static HashSet<long> AccountsIn(StoredBatch batch)
    {
        var accounts = new HashSet<long>();
        try
        {
            var records = new RecordReader(batch.Payload.Span, batch.Number);
            while (records.TryRead(out var record)) accounts.Add(record.Account);
        }
        catch (JournalCorruptException)
        {
            // What lies behind cannot be told apart any more.
        }
        return accounts;
    }

    private static (long Account, long Seq) FirstUnsound(StoredBatch batch, Dictionary<long, AccountTail> ends)
    {
        try
        {
            var records = new RecordReader(batch.Payload.Span, batch.Number);
            while (records.TryRead(out var record))
            {
                if (!ends.TryGetValue(record.Account, out var end)) break;
                // A head may lie ahead of this batch: what it contains was checked when it was made.
                if (record.LastSeq <= end.Seq) continue;
                if (record.FirstSeq != end.Seq + 1 || !record.IsSound(end.Crc)) return (record.Account, Math.Min(record.FirstSeq, end.Seq + 1));
                ends[record.Account] = end with { Seq = record.LastSeq, LastBatch = batch.Number, Crc = record.Crc };
            }
        }
        catch (JournalCorruptException)
        {
            // All records before this place are sound, and this one cannot be read.
        }
        return default;
    }

    private static JournalCorruptException Missing(long batch) =>
        new($"Batch {batch} is missing, although later ones were durable: the journal was cut. Run `enforcer verify`.") { Batch = batch };
}
