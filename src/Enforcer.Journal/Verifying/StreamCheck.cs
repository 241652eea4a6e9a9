using Enforcer.Journal.Format;
using Enforcer.Journal.Reading;

namespace Enforcer.Journal.Verifying;

/// <summary>One stream while it is verified: that its batches follow each other, and end where the fence says.</summary>
internal sealed class StreamCheck(JournalStream stream, Findings findings)
{
    /// <summary>A cut leaves many holes; so many of them are told.</summary>
    private const int MostMissing = 64;

    private byte[] _hash = BatchFormat.NoHash.ToArray();
    private long _batch = stream.Origin;
    private long _firstAtMs;
    private long _epoch;

    /// <summary>How many batches were read, holes included.</summary>
    public long Batches => _batch - stream.Origin - Archived;

    /// <summary>How many are not there because they were archived.</summary>
    public long Archived { get; private set; }

    /// <summary>How many there are; 0 if that cannot be read.</summary>
    public long OfBatches => stream.Tip is { } tip ? tip.Batch - stream.Origin : 0;

    /// <summary>True if the batch's entries are said to be in heads.</summary>
    public bool IsCovered(long batch) => batch <= (stream.Tip?.CoveredThrough ?? stream.Origin);

    /// <summary>Checks the next batch; its header is the default if it cannot be trusted.</summary>
    public BatchHeader Add(StoredBatch batch)
    {
        var isAfterArchived = PassOver(batch.Number);
        _batch = batch.Number;
        BatchHeader header;
        try
        {
            // What the hash of the first one after those that are archived continues is archived with them.
            header = isAfterArchived ? BatchFormat.CheckHeader(batch, batch.Number) : BatchFormat.Check(batch, batch.Number, _hash);
        }
        catch (JournalCorruptException e)
        {
            findings.Add(e);
            header = default;
        }
        // What follows is chained to what stands in the row, so that one fault is not found again in every later batch.
        _hash = batch.Hash.ToArray();
        if (batch.FirstAtMs < _firstAtMs)
            findings.Add(batch.Number, 0, 0, $"Batch {batch.Number} was opened at {batch.FirstAtMs} ms, before the one before it at {_firstAtMs} ms.");
        _firstAtMs = Math.Max(_firstAtMs, batch.FirstAtMs);
        if (header != default && (header.Epoch < _epoch || header.Epoch > (stream.Tip?.Epoch ?? long.MaxValue)))
            findings.Add(batch.Number, 0, 0, $"Batch {batch.Number} was written in epoch {header.Epoch}, outside {_epoch} to {stream.Tip?.Epoch}.");
        _epoch = Math.Max(_epoch, header.Epoch);
        return header;
    }

    /// <summary>The end must be where the fence says it is; a server may have gone on since.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        if (stream.Tip is not { } tip) return;
        var isEndArchived = _batch < tip.Batch && stream.Archived is [.., var last] && last.Contains(tip.Batch);
        if (isEndArchived && PassOver(tip.Batch + 1)) _batch = tip.Batch;
        if (_batch != tip.Batch)
            findings.Add(tip.Batch, 0, 0, $"The journal ends with batch {_batch}, but the fence says batch {tip.Batch}: it was cut.");
        else if (!isEndArchived && (!tip.Hash.Span.SequenceEqual(_hash) || (_batch > stream.Origin && tip.FirstAtMs != _firstAtMs)))
            findings.Add(_batch, 0, 0, $"Batch {_batch} is the last one, but is not the one that was filed as the last.");
        if (tip.CoveredThrough > tip.Batch || tip.CoveredThrough < stream.Origin)
            findings.Add(0, 0, 0, $"Heads are said to be complete through batch {tip.CoveredThrough}, but the last batch is {tip.Batch}.");
        if (await stream.Store.ReadBatchAsync(tip.Batch + 1, cancellation).ConfigureAwait(false) is null) return;
        var later = await stream.Store.ReadTipAsync(cancellation).ConfigureAwait(false);
        if (later.Batch <= tip.Batch)
            findings.Add(tip.Batch + 1, 0, 0, $"Batch {tip.Batch + 1} is there, but the fence says that batch {tip.Batch} is the last.");
    }

    /// <summary>Goes on to just before a batch: what is not there was archived, or is missing. True if the batch just before it was archived.</summary>
    private bool PassOver(long next)
    {
        var (told, isArchived) = (0, false);
        for (var at = _batch + 1; at < next && told < MostMissing; at++)
        {
            isArchived = false;
            foreach (var some in stream.Archived)
            {
                if (!some.Contains(at)) continue;
                isArchived = true;
                var last = Math.Min(some.Through, next - 1);
                Archived += last - at + 1;
                at = last;
                break;
            }
            if (isArchived) continue;
            told++;
            findings.Add(at, 0, 0, $"Batch {at} is missing.");
        }
        return isArchived;
    }
}
