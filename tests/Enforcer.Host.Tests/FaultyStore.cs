using Enforcer.Journal;

namespace Enforcer.Host.Tests;

/// <summary>A store whose appends tests can hold back or fail; all else goes through.</summary>
internal sealed class FaultyStore(IJournalStore store) : IJournalStore
{
    /// <summary>Asked before each append: a result is given back as the append's; null lets it happen.</summary>
    public Func<SealedBatch, ValueTask<AppendResult?>>? BeforeAppend { get; set; }

    /// <summary>What becomes of heads; null: they are written.</summary>
    public Exception? HeadsFailure { get; set; }

    /// <summary>Runs before a batch is read.</summary>
    public Action? BeforeRead { get; set; }

    /// <summary>Why an account cannot be loaded to append to it; null: it can.</summary>
    public Exception? ClaimFailure { get; set; }

    public async ValueTask<AppendResult> AppendAsync(SealedBatch batch) =>
        BeforeAppend is { } before && await before(batch) is { } result ? result : await store.AppendAsync(batch);

    public Task<JournalTip> OpenAsync(string owner, CancellationToken cancellation) => store.OpenAsync(owner, cancellation);

    public Task<JournalTip> ReadTipAsync(CancellationToken cancellation) => store.ReadTipAsync(cancellation);

    public ValueTask<StoredBatch?> ReadBatchAsync(long number, CancellationToken cancellation)
    {
        BeforeRead?.Invoke();
        return store.ReadBatchAsync(number, cancellation);
    }

    public IAsyncEnumerable<StoredBatch> ReadBatchesAsync(long from, long through, CancellationToken cancellation) =>
        store.ReadBatchesAsync(from, through, cancellation);

    public ValueTask<long> FindBatchBeforeAsync(long atMs, CancellationToken cancellation) => store.FindBatchBeforeAsync(atMs, cancellation);

    public ValueTask<AccountHead?> ReadHeadAsync(long account, CancellationToken cancellation) => store.ReadHeadAsync(account, cancellation);

    public ValueTask<AccountHead?> ClaimHeadAsync(long account, CancellationToken cancellation) =>
        ClaimFailure is { } failure ? ValueTask.FromException<AccountHead?>(failure) : store.ClaimHeadAsync(account, cancellation);

    public IAsyncEnumerable<AccountHead> ReadHeadsAsync(CancellationToken cancellation) => store.ReadHeadsAsync(cancellation);

    public Task WriteHeadsAsync(IReadOnlyList<AccountHead> heads, long coveredThrough, CancellationToken cancellation) =>
        HeadsFailure is { } failure ? Task.FromException(failure) : store.WriteHeadsAsync(heads, coveredThrough, cancellation);

    public ValueTask<IReadOnlyList<DueAccount>> ReadDueAsync(long atMs, int limit, CancellationToken cancellation) =>
        store.ReadDueAsync(atMs, limit, cancellation);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
