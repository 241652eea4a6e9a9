using System.Runtime.CompilerServices;
using Enforcer.Journal.Format;

namespace Enforcer.Journal.Reading;

/// <summary>
/// Goes through all streams of a journal at once, in an order in which every account's records follow each other although the account went from node to
/// node: a record says in which batch the one before it is, and a batch waits until those of other streams that it refers to have come.
/// </summary>
/// <remarks>
/// What was once durable in this order can be read in it, so a sound journal never comes to a stop: if none of the batches that come next may, something that
/// they refer to is missing. The oldest of them then comes nevertheless, and whoever looks at the accounts' chains finds out what is wrong.
/// </remarks>
internal sealed class StreamMerge(IReadOnlyList<JournalStream> streams)
{
    /// <summary>All batches, each with its stream.</summary>
    public async IAsyncEnumerable<(JournalStream Stream, StoredBatch Batch)> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var (hasMoved, isLeft) = (false, false);
            foreach (var stream in streams)
            {
                while (await stream.PeekAsync(cancellation).ConfigureAwait(false) is { } batch)
                {
                    if (BlockedBy(batch) is not null)
                    {
                        isLeft = true;
                        break;
                    }
                    hasMoved = true;
                    yield return (stream, stream.Take());
                }
            }
            if (hasMoved || await ExtendAsync(cancellation).ConfigureAwait(false)) continue;
            if (!isLeft) yield break;
            var oldest = streams.Where(stream => stream.Next is not null).MinBy(stream => stream.Next!.FirstAtMs)!;
            yield return (oldest, oldest.Take());
        }
    }

    /// <summary>A batch of another stream that must come first; null if there is none.</summary>
    private long? BlockedBy(StoredBatch batch)
    {
        if (streams.Count == 1) return null;
        try
        {
            var reader = new RecordReader(batch.Payload.Span, batch.Number);
            while (reader.TryRead(out var record))
            {
                if (record.PreviousBatch != 0 && StreamOf(record.PreviousBatch) is { } stream && stream.Origin != BatchNumber.OriginOf(batch.Number)
                    && stream.Position < record.PreviousBatch) return record.PreviousBatch;
            }
        }
        catch (JournalCorruptException)
        {
            // Found again, and told, by whoever reads its records.
        }
        return null;
    }

    /// <summary>A server may have gone on with an account in a stream whose end was looked at before that.</summary>
    private async ValueTask<bool> ExtendAsync(CancellationToken cancellation)
    {
        foreach (var stream in streams)
        {
            if (stream.Next is { } next && BlockedBy(next) is { } missing && await StreamOf(missing)!.ExtendAsync(missing, cancellation).ConfigureAwait(false)) return true;
        }
        return false;
    }

    private JournalStream? StreamOf(long batch)
    {
        var origin = BatchNumber.OriginOf(batch);
        foreach (var stream in streams)
        {
            if (stream.Origin == origin) return stream;
        }
        return null;
    }
}
