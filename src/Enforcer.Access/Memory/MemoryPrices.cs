namespace Enforcer.Access;

internal sealed class MemoryPrices(Lock one) : IPriceDirectory
{
    private readonly List<PriceRecord> _records = [];
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    public ValueTask<PriceRecord> AddAsync(NewPriceRecord record, CancellationToken cancellation)
    {
        lock (one)
        {
            _contents.TryAdd(record.ContentId, record.Content.ToArray());
            var number = Of(record.Kind, record.Name).Count() + 1;
            var added = new PriceRecord(
                record.Kind, record.Name, number, record.ContentId, record.Detail, record.ValidFromMs, record.AtMs, record.Actor, record.Reason);
            _records.Add(added);
            return ValueTask.FromResult(added);
        }
    }

    public ValueTask StoreAsync(string contentId, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        lock (one)
            _contents.TryAdd(contentId, content.ToArray());
        return ValueTask.CompletedTask;
    }

    public ValueTask<byte[]?> ReadAsync(string contentId, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult(_contents.GetValueOrDefault(contentId));
    }

    public ValueTask<IReadOnlyList<PriceRecord>> ListAsync(PriceRecordKind kind, string name, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult<IReadOnlyList<PriceRecord>>(Of(kind, name).ToList());
    }

    public ValueTask<PriceRecord?> FindLatestAsync(PriceRecordKind kind, string name, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult(Of(kind, name).LastOrDefault());
    }

    public ValueTask<IReadOnlyList<PriceRecord>> ListLatestAsync(PriceRecordKind kind, CancellationToken cancellation)
    {
        lock (one)
        {
            var latest = _records.Where(record => record.Kind == kind).GroupBy(record => record.Name).Select(same => same.Last());
            return ValueTask.FromResult<IReadOnlyList<PriceRecord>>(latest.OrderBy(record => record.Name, StringComparer.Ordinal).ToList());
        }
    }

    public ValueTask<long> CountAsync(CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult((long)_records.Count);
    }

    private IEnumerable<PriceRecord> Of(PriceRecordKind kind, string name) =>
        _records.Where(record => record.Kind == kind && record.Name == name);
}
