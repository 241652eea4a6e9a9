using Enforcer.Journal;

namespace Enforcer.Storage.Postgres.Tests.Support;

/// <summary>Counts how often batches are asked for, and how many come; writes nothing.</summary>
internal sealed class CountingStore(IJournalStore store) : IJournalStore
{
    private int _questions;
    private int _batches;

    public int Questions => _questions;

    public int Batches => _batches;

    public async ValueTask<IReadOnlyList<StoredBatch>> ReadBackAsync(long number, int most, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _questions);
        var read = await store.ReadBackAsync(number, most, cancellation);
        Interlocked.Add(ref _batches, read.Count);
        return read;
    }

    public Task<JournalTip> OpenAsync(string owner, CancellationToken cancellation) => throw Never();

    public Task<JournalTip> ReadTipAsync(CancellationToken cancellation) => throw Never();

    public ValueTask<AppendResult> AppendAsync(SealedBatch batch) => throw Never();

    public ValueTask<StoredBatch?> ReadBatchAsync(long number, CancellationToken cancellation) => throw Never();

    public IAsyncEnumerable<StoredBatch> ReadBatchesAsync(long from, long through, CancellationToken cancellation) => throw Never();

    public ValueTask<long> FindBatchBeforeAsync(long atMs, CancellationToken cancellation) => throw Never();

    public ValueTask<AccountHead?> ReadHeadAsync(long account, CancellationToken cancellation) => throw Never();

    public IAsyncEnumerable<AccountHead> ReadHeadsAsync(CancellationToken cancellation) => throw Never();

    public Task WriteHeadsAsync(IReadOnlyList<AccountHead> heads, long coveredThrough, CancellationToken cancellation) => throw Never();

    public ValueTask<IReadOnlyList<DueAccount>> ReadDueAsync(long atMs, int limit, CancellationToken cancellation) => throw Never();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NotSupportedException Never() => new("Only batches are read from this store.");
}
