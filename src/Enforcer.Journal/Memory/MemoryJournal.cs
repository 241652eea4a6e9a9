namespace Enforcer.Journal.Memory;

/// <summary>What memory stores keep; outlives the store that wrote it.</summary>
public sealed class MemoryJournal
{
    internal List<StoredBatch> Batches { get; } = [];

    internal SortedDictionary<long, AccountHead> Heads { get; } = [];

    internal long Epoch { get; set; }

    internal long CoveredThrough { get; set; }
}
