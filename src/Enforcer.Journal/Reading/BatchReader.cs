using Enforcer.Journal.Format;

namespace Enforcer.Journal.Reading;

/// <summary>
/// Reads batches and keeps the latest that were read, because accounts that are loaded together lie in the same few batches. Only durable
/// batches may be asked for: their numbers never mean anything else. Safe for concurrent use.
/// </summary>
internal sealed class BatchReader(IJournalStore store, int keptBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, LinkedListNode<StoredBatch>> _kept = [];
    private readonly LinkedList<StoredBatch> _byUse = new();
    private long _bytes;

    /// <param name="number">Which batch.</param>
    /// <param name="most">How many may be read at once, if it was not kept: it and those before it, which are kept for whoever walks back through them.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="JournalCorruptException">There is no such batch, or it says that it is another one.</exception>
    public async ValueTask<StoredBatch> ReadAsync(long number, int most, CancellationToken cancellation)
    {
        var batch = Kept(number);
        if (batch is null)
        {
            var read = await store.ReadBackAsync(number, most, cancellation).ConfigureAwait(false);
            batch = read.Count > 0 ? read[0] : throw new JournalCorruptException($"Batch {number} is missing. Run `enforcer verify`.") { Batch = number };
            // The newest last, for it is asked for next and must be the last to be given up.
            for (var i = read.Count - 1; i >= 0; i--) Keep(read[i]);
        }
        if (BatchFormat.ReadHeader(batch.Payload.Span, number).Number != number)
            throw new JournalCorruptException($"Another batch stands in the place of batch {number}. Run `enforcer verify`.") { Batch = number };
        return batch;
    }

    private StoredBatch? Kept(long number)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(number, out var node)) return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    private void Keep(StoredBatch batch)
    {
        lock (_gate)
        {
            if (_kept.ContainsKey(batch.Number)) return;
            _kept.Add(batch.Number, _byUse.AddFirst(batch));
            _bytes += batch.Payload.Length;
            while (_bytes > keptBytes && _byUse.Last is { } last)
            {
                _byUse.RemoveLast();
                _kept.Remove(last.Value.Number);
                _bytes -= last.Value.Payload.Length;
            }
        }
    }
}
