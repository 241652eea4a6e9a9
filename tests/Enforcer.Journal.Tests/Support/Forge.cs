using Enforcer.Journal.Format;

namespace Enforcer.Journal.Tests.Support;

/// <summary>A forger who knows the format and computes all hashes anew, but not the checksums of accounts.</summary>
internal static class Forge
{
    /// <summary>Takes out the second record of an account that has two in the batch, or puts it in front of all others.</summary>
    public static void TakeOutSecondRecordOf(ref byte[] payload, long batch, bool isMoved, out long account, out long seq)
    {
        var header = BatchFormat.ReadHeader(payload, batch);
        var firsts = new Dictionary<long, long>();
        var records = new RecordReader(payload, batch);
        for (var from = records.Position; records.TryRead(out var record); from = records.Position)
        {
            if (firsts.TryAdd(record.Account, record.FirstSeq)) continue;
            account = record.Account;
            seq = isMoved ? firsts[account] : record.FirstSeq;
            byte[] taken = payload[from..records.Position], before = payload[BatchFormat.HeaderBytes..from], after = payload[records.Position..];
            payload = [.. payload[..BatchFormat.HeaderBytes], .. isMoved ? taken : [], .. before, .. after];
            var gone = isMoved ? 0 : 1;
            BatchFormat.WriteHeader(payload, header with { Records = header.Records - gone, Entries = header.Entries - (gone * record.Count) });
            return;
        }
        throw new InvalidOperationException($"No account has two records in batch {batch}.");
    }

    /// <summary>Puts a batch in place of the old one and makes every later hash, and the fence, fit.</summary>
    public static void Rehash(string folder, long batch, byte[] payload)
    {
        SqlFile.Execute(folder, "UPDATE batches SET payload = $p, entries = $e WHERE number = $n",
            ("$p", payload), ("$e", (long)BatchFormat.ReadHeader(payload, batch).Entries), ("$n", batch));
        var previous = new byte[BatchFormat.HashBytes];
        foreach (var row in SqlFile.Read(folder, "SELECT number, payload FROM batches ORDER BY number"))
        {
            var hash = new byte[BatchFormat.HashBytes];
            BatchFormat.Hash(previous, (byte[])row[1], hash);
            SqlFile.Execute(folder, "UPDATE batches SET hash = $h WHERE number = $n", ("$h", hash), ("$n", row[0]));
            previous = hash;
        }
        SqlFile.Execute(folder, "UPDATE fence SET tip_hash = $h", ("$h", previous));
    }
}
