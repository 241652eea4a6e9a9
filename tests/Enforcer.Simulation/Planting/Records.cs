using Enforcer.Journal;
using Enforcer.Journal.Format;

namespace Enforcer.Simulation.Planting;

/// <summary>Takes batches apart, for stores that do not write all of them.</summary>
internal static class Records
{
    /// <summary>Account and last seq of each record.</summary>
    public static List<(long Account, long Seq)> KeysOf(StoredBatch batch)
    {
        var keys = new List<(long Account, long Seq)>();
        var records = new RecordReader(batch.Payload.Span, batch.Number);
        while (records.TryRead(out var record)) keys.Add((record.Account, record.LastSeq));
        return keys;
    }

    public static StoredBatch Without(StoredBatch batch, HashSet<(long Account, long Seq)> left)
    {
        var kept = new List<byte>(batch.Payload.Span[..BatchFormat.HeaderBytes].ToArray());
        var records = new RecordReader(batch.Payload.Span, batch.Number);
        for (var from = records.Position; records.TryRead(out var record); from = records.Position)
        {
            if (!left.Contains((record.Account, record.LastSeq))) kept.AddRange(batch.Payload.Span[from..records.Position]);
        }
        return batch with { Payload = kept.ToArray() };
    }

    public static StoredBatch WithoutLast(StoredBatch batch) => Without(batch, [KeysOf(batch)[^1]]);
}
