namespace Enforcer.Access;

/// <summary>
/// Price book versions, price plans and which account has which, as records that are only ever added, and their contents by content id. What
/// they mean is not known here. Promises are those of <see cref="IDirectory"/>.
/// </summary>
public interface IPriceDirectory
{
    /// <summary>Adds a record with the next number of its kind and name, and its content.</summary>
    ValueTask<PriceRecord> AddAsync(NewPriceRecord record, CancellationToken cancellation);

    /// <summary>Keeps a content under its id; one that is there already stays.</summary>
    ValueTask StoreAsync(string contentId, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>The content of an id; null if there is none.</summary>
    ValueTask<byte[]?> ReadAsync(string contentId, CancellationToken cancellation);

    /// <summary>All records of a kind and name, by number.</summary>
    ValueTask<IReadOnlyList<PriceRecord>> ListAsync(PriceRecordKind kind, string name, CancellationToken cancellation);

    /// <summary>The record with the highest number of a kind and name; null if there is none.</summary>
    ValueTask<PriceRecord?> FindLatestAsync(PriceRecordKind kind, string name, CancellationToken cancellation);

    /// <summary>The record with the highest number of every name of a kind, by name in ordinal order.</summary>
    ValueTask<IReadOnlyList<PriceRecord>> ListLatestAsync(PriceRecordKind kind, CancellationToken cancellation);

    /// <summary>How many records there are: another number says that something was added since.</summary>
    ValueTask<long> CountAsync(CancellationToken cancellation);
}
