using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Enforcer.Journal.Format;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Reading;

/// <summary>
/// Reads the journal forward through all accounts: what happened in a span of time, and which account an operation belongs to.
/// It shows what is durable, and costs what lies in the span.
/// </summary>
public sealed class JournalScan
{
    private readonly IJournalStore _store;

    /// <summary>A scan of an opened store.</summary>
    public JournalScan(IJournalStore store) => _store = store;

    /// <summary>All entries of all streams of a journal, in an order in which each account's entries follow each other.</summary>
    /// <param name="streams">A store for each stream, opened.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="JournalCorruptException">A batch is damaged; thrown when the scan gets there.</exception>
    public static async IAsyncEnumerable<FoundEntry> ReadAllAsync(
        IReadOnlyList<IJournalStore> streams, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(streams);
        var all = new List<JournalStream>();
        foreach (var store in streams)
        {
            var tip = await store.ReadTipAsync(cancellation).ConfigureAwait(false);
            all.Add(await JournalStream.OpenAsync(store, tip, cancellation).ConfigureAwait(false));
        }
        var found = new List<FoundEntry>();
        await foreach (var (_, batch) in new StreamMerge(all).ReadAsync(cancellation).ConfigureAwait(false))
        {
            found.Clear();
            Collect(batch, default, found);
            foreach (var entry in found) yield return entry;
        }
        foreach (var stream in all) await stream.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>All entries in the batches that were open in this span (Unix ms, both ends included), in the order of the journal.</summary>
    /// <exception cref="JournalCorruptException">A batch is damaged; thrown when the scan gets there.</exception>
    public async IAsyncEnumerable<FoundEntry> ReadAsync(
        long fromMs, long throughMs, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var found = new List<FoundEntry>();
        await foreach (var batch in _store.ReadSpanAsync(fromMs, throughMs, cancellation).ConfigureAwait(false))
        {
            found.Clear();
            Collect(batch, default, found);
            foreach (var entry in found) yield return entry;
        }
    }

    /// <summary>Every entry that names an operation or reservation, in the batches from the id's own time up to a moment (Unix ms).</summary>
    /// <param name="id">The id of an operation or reservation.</param>
    /// <param name="clockSkewMs">How far the maker's clock may have been ahead of the journal's.</param>
    /// <param name="throughMs">Where to stop.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<FoundEntry> FindAsync(
        OperationId id, long clockSkewMs, long throughMs, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // Ten bytes of an id stand in the journal as they are; a batch without them need not be decoded.
        var needle = new byte[sizeof(ushort) + sizeof(ulong)];
        BinaryPrimitives.WriteUInt16LittleEndian(needle, unchecked((ushort)id.High));
        BinaryPrimitives.WriteUInt64LittleEndian(needle.AsSpan(sizeof(ushort)), id.Low);
        var found = new List<FoundEntry>();
        await foreach (var batch in _store.ReadSpanAsync(id.TimeMs - clockSkewMs, throughMs, cancellation).ConfigureAwait(false))
        {
            found.Clear();
            Collect(batch, needle, found);
            foreach (var entry in found)
            {
                if (entry.Entry.OperationId == id || entry.Entry.ReservationId == id) yield return entry;
            }
        }
    }

    /// <summary>Decodes the records that contain the bytes looked for; all of them if there are none to look for.</summary>
    private static void Collect(StoredBatch batch, ReadOnlySpan<byte> needle, List<FoundEntry> found)
    {
        if (batch.Payload.Span.IndexOf(needle) < 0) return;
        var baseMs = BatchFormat.ReadHeader(batch.Payload.Span, batch.Number).FirstAtMs;
        var entries = new List<Entry>();
        var records = new RecordReader(batch.Payload.Span, batch.Number);
        while (records.TryRead(out var record))
        {
            if (record.Entries.IndexOf(needle) < 0) continue;
            entries.Clear();
            record.Decode(baseMs, entries);
            foreach (var entry in entries) found.Add(new FoundEntry(record.Account, batch.Number, entry));
        }
    }
}
