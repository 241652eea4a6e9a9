using System.Runtime.CompilerServices;
using Enforcer.Journal.Format;
using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Reading;

/// <summary>
/// Reads a journal from its first batch to its last, all accounts together, in the order in which entries became durable.
/// The chain of hashes over the batches is checked on the way; what the entries mean is left to the reader.
/// </summary>
public static class JournalReader
{
    /// <summary>Every entry of the journal.</summary>
    /// <param name="store">Open, and not written to meanwhile.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="JournalCorruptException">A batch is missing, was changed or cannot be decoded.</exception>
    /// <exception cref="JournalFormatException">A newer version wrote it.</exception>
    public static async IAsyncEnumerable<AccountEntry> ReadAllAsync(
        IJournalStore store, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (number, hash) = (1L, BatchFormat.NoHash);
        var entries = new List<AccountEntry>();
        await foreach (var batch in store.ReadBatchesAsync(1, long.MaxValue, cancellation).ConfigureAwait(false))
        {
            var header = BatchFormat.Check(batch, number, hash.Span);
            Decode(batch, header.FirstAtMs, entries);
            foreach (var entry in entries)
            {
                yield return entry;
            }

            entries.Clear();
            number++;
            hash = batch.Hash;
        }
    }

    private static void Decode(StoredBatch batch, long baseMs, List<AccountEntry> into)
    {
        var decoded = new List<Entry>();
        var records = new RecordReader(batch.Payload.Span, batch.Number);
        while (records.TryRead(out var record))
        {
            decoded.Clear();
            record.Decode(baseMs, decoded);
            foreach (var entry in decoded)
            {
                into.Add(new AccountEntry(record.Account, entry, batch.Number));
            }
        }
    }
}
