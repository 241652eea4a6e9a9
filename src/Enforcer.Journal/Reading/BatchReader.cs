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

    /// <exception cref="JournalCorruptException">There is no such batch, or it says that it is another one.</exception>
    public async ValueTask<StoredBatch> ReadAsync(long number, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_kept.TryGetValue(number, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value;
            }
        }
        var batch = await store.ReadBatchAsync(number, cancellation).ConfigureAwait(false)
            ?? throw new JournalCorruptException($"Batch {number} is missing. Run `enforcer verify`.") { Batch = number };
        if (BatchFormat.ReadHeader(batch.Payload.Span, number).Number != number)
            throw new JournalCorruptException($"Another batch stands in the place of batch {number}. Run `enforcer verify`.") { Batch = number };
        Keep(batch);
        return batch;
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
