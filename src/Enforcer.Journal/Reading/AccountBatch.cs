using Enforcer.Journal.Format;
using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Reading;

/// <summary>What one batch holds of one account: its records up to a certain entry, decoded and checked against each other.</summary>
internal sealed class AccountBatch
{
    private readonly ReadOnlyMemory<byte> _firstBody;
    private readonly uint _firstCrc;

    private AccountBatch(long batch, List<Entry> entries, ReadOnlyMemory<byte> firstBody, uint firstCrc, long previousBatch, uint lastCrc)
    {
        Batch = batch;
        Entries = entries;
        _firstBody = firstBody;
        _firstCrc = firstCrc;
        PreviousBatch = previousBatch;
        LastCrc = lastCrc;
    }

    public long Batch { get; }

    /// <summary>Oldest first; at least one.</summary>
    public List<Entry> Entries { get; }

    /// <summary>The batch that holds what comes before; 0 for nothing.</summary>
    public long PreviousBatch { get; }

    /// <summary>The checksum of its last record.</summary>
    public uint LastCrc { get; }

    /// <summary>Reads the records from just after one entry up to another one.</summary>
    /// <exception cref="JournalCorruptException">They are not there, or not what was written.</exception>
    public static AccountBatch Read(StoredBatch batch, long account, long afterSeq, long throughSeq)
    {
        var entries = new List<Entry>();
        var baseMs = BatchFormat.ReadHeader(batch.Payload.Span, batch.Number).FirstAtMs;
        var records = new RecordReader(batch.Payload.Span, batch.Number);
        ReadOnlyMemory<byte> firstBody = default;
        long previousBatch = 0;
        uint firstCrc = 0, lastCrc = 0;
        while (records.TryRead(out var record))
        {
            if (record.Account != account || record.FirstSeq <= afterSeq || record.LastSeq > throughSeq) continue;
            if (entries.Count == 0)
            {
                firstBody = batch.Payload.Slice(records.Position - record.Body.Length, record.Body.Length);
                firstCrc = record.Crc;
                previousBatch = record.PreviousBatch;
            }
            else if (record.FirstSeq != entries[^1].Seq + 1 || !record.IsSound(lastCrc))
            {
                throw Broken(batch.Number, account, record.FirstSeq);
            }
            record.Decode(baseMs, entries);
            lastCrc = record.Crc;
        }
        if (entries.Count == 0 || entries[^1].Seq != throughSeq) throw Broken(batch.Number, account, throughSeq);
        return new AccountBatch(batch.Number, entries, firstBody, firstCrc, previousBatch, lastCrc);
    }

    /// <summary>Checks that it continues what has this checksum.</summary>
    /// <exception cref="JournalCorruptException">It does not.</exception>
    public void RequireContinues(long account, uint crc)
    {
        if (Checksum.Continue(crc, _firstBody.Span) != _firstCrc) throw Broken(Batch, account, Entries[0].Seq);
    }

    /// <summary>Checks that it ends with this checksum.</summary>
    /// <exception cref="JournalCorruptException">It does not.</exception>
    public void RequireEndsWith(long account, uint crc)
    {
        if (LastCrc != crc) throw Broken(Batch, account, Entries[^1].Seq);
    }

    private static JournalCorruptException Broken(long batch, long account, long seq) =>
        new($"The journal of account {account} is broken at entry {seq} in batch {batch}. Run `enforcer verify`.")
        {
            Batch = batch,
            Account = account,
            Seq = seq,
        };
}
