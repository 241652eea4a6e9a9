using Enforcer.Journal.Format;

namespace Enforcer.Journal.Committing;

/// <summary>
/// What is wrong with a batch that does not have its hash: each record is checked against where its account's journal ended before.
/// </summary>
/// <remarks>
/// The damage can be set aside only if nobody else can be concerned. The danger is a record whose account's number was changed: the account
/// that it was taken from looks complete without it, and serving that one would give out money twice. So every record must be readable, as
/// many as the header says; each one that is not sound must stand where its account's next record must stand; and with its account all
/// others are set aside that end at the same entry of the same batch, from which it may have been taken.
/// </remarks>
internal sealed class BatchDamage
{
    private readonly Dictionary<long, AccountTail> _ends = [];
    private readonly HashSet<(long Seq, long Batch)> _places = [];

    private BatchDamage()
    {
    }

    /// <summary>The accounts that must not be served: those with records that are not sound, and those these may have been taken from.</summary>
    public HashSet<long> Accounts { get; } = [];

    /// <summary>The first of them; 0 if none can be told.</summary>
    public long FirstAccount { get; private set; }

    /// <summary>Its first entry that is not sound.</summary>
    public long FirstSeq { get; private set; }

    /// <summary>True if nobody but <see cref="Accounts"/> is concerned.</summary>
    public bool CanBeSetAside { get; private set; } = true;

    public static async Task<BatchDamage> ExamineAsync(IJournalStore store, TailIndex tails, StoredBatch batch, CancellationToken cancellation)
    {
        var damage = new BatchDamage();
        foreach (var account in damage.AccountsIn(batch))
        {
            if (tails.TryGet(account, out var tail)) damage._ends[account] = tail;
            else if (await store.ReadHeadAsync(account, cancellation).ConfigureAwait(false) is { } head)
                damage._ends[account] = head.End;
            else damage._ends[account] = new AccountTail { Account = account, Crc = Checksum.SeedOf(account) };
        }
        damage.CheckRecords(batch);
        if (damage.CanBeSetAside && damage.Accounts.Count > 0) await damage.AddSuspectsAsync(store, tails, cancellation).ConfigureAwait(false);
        return damage;
    }

    /// <summary>Adds the accounts from which a record that is not sound may have been taken.</summary>
    private async Task AddSuspectsAsync(IJournalStore store, TailIndex tails, CancellationToken cancellation)
    {
        foreach (var end in _ends.Values.Concat(tails.All().Where(tail => !_ends.ContainsKey(tail.Account)))) AddSuspect(end);
        await foreach (var head in store.ReadHeadsAsync(cancellation).ConfigureAwait(false))
        {
            if (_ends.ContainsKey(head.Account) || tails.TryGet(head.Account, out _)) continue;
            AddSuspect(head.End);
        }
    }

    private void AddSuspect(in AccountTail end)
    {
        if (_places.Contains((end.Seq, end.LastBatch))) Accounts.Add(end.Account);
    }

    private HashSet<long> AccountsIn(StoredBatch batch)
    {
        var accounts = new HashSet<long>();
        int records = 0, entries = 0;
        try
        {
            var reader = new RecordReader(batch.Payload.Span, batch.Number);
            while (reader.TryRead(out var record))
            {
                accounts.Add(record.Account);
                records++;
                entries += record.Count;
            }
            var header = BatchFormat.ReadHeader(batch.Payload.Span, batch.Number);
            CanBeSetAside = header.Records == records && header.Entries == entries && header.Number == batch.Number;
        }
        catch (Exception e) when (e is JournalCorruptException or JournalFormatException or OverflowException)
        {
            // What lies behind this place cannot be told apart any more.
            CanBeSetAside = false;
        }
        return accounts;
    }

    private void CheckRecords(StoredBatch batch)
    {
        try
        {
            var reader = new RecordReader(batch.Payload.Span, batch.Number);
            while (reader.TryRead(out var record))
            {
                if (_ends.TryGetValue(record.Account, out var end)) Check(record, batch.Number, end);
            }
        }
        catch (JournalCorruptException)
        {
            // The records before this place have been checked, and this one cannot be read.
        }
    }

    private void Check(in Record record, long batch, in AccountTail end)
    {
        // A head may lie ahead of this batch: what it contains was checked when it was made.
        if (record.LastSeq <= end.Seq) return;
        var isNext = record.FirstSeq == end.Seq + 1 && record.PreviousBatch == end.LastBatch;
        if (!isNext || !record.IsSound(end.Crc))
        {
            // A first record may be that of any account that nothing else is known of.
            CanBeSetAside &= isNext && end.LastBatch != 0;
            _places.Add((end.Seq, end.LastBatch));
            Accounts.Add(record.Account);
            if (FirstAccount == 0) (FirstAccount, FirstSeq) = (record.Account, Math.Min(record.FirstSeq, end.Seq + 1));
        }
        _ends[record.Account] = end with { Seq = record.LastSeq, LastBatch = batch, Crc = record.Crc };
    }
}
