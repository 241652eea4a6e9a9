using System.Threading.Channels;

namespace Enforcer.Journal.Tests.Support;

/// <summary>A store whose appends wait until the test says what becomes of them.</summary>
internal sealed class GatedStore : IJournalStore
{
    private readonly Channel<SealedBatch> _arrived = Channel.CreateUnbounded<SealedBatch>();
    private readonly IJournalStore _inner;
    private TaskCompletionSource<(AppendResult? Result, bool IsReallyThere)> _next = New();
    private TaskCompletionSource _tip = Released();
    private bool _letsPass;

    public GatedStore(IJournalStore inner) => _inner = inner;

    /// <summary>What becomes of heads; null: they are written.</summary>
    public Exception? HeadsFailure { get; set; }

    /// <summary>The next batch that arrives.</summary>
    public ValueTask<SealedBatch> NextAsync() => _arrived.Reader.ReadAsync();

    public void Pass() => _next.SetResult((null, true));

    public void Fail(AppendResult result, bool isReallyThere) => _next.SetResult((result, isReallyThere));

    public void Throw(Exception error)
    {
        var waiting = _next;
        _next = New();
        waiting.SetException(error);
    }

    public void LetAllPass()
    {
        _letsPass = true;
        _next.TrySetResult((null, true));
        _tip.TrySetResult();
    }

    public void HoldTip() => _tip = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseTip() => _tip.SetResult();

    public async ValueTask<AppendResult> AppendAsync(SealedBatch batch)
    {
        _arrived.Writer.TryWrite(batch);
        if (_letsPass) return await _inner.AppendAsync(batch);
        var (result, isReallyThere) = await _next.Task;
        _next = New();
        var appended = isReallyThere ? await _inner.AppendAsync(batch) : default;
        return result ?? appended;
    }

    public async Task<JournalTip> ReadTipAsync(CancellationToken cancellation)
    {
        await _tip.Task.WaitAsync(cancellation);
        return await _inner.ReadTipAsync(cancellation);
    }

    public Task<JournalTip> OpenAsync(string owner, CancellationToken cancellation) => _inner.OpenAsync(owner, cancellation);

    public ValueTask<StoredBatch?> ReadBatchAsync(long number, CancellationToken cancellation) => _inner.ReadBatchAsync(number, cancellation);

    public IAsyncEnumerable<StoredBatch> ReadBatchesAsync(long from, long through, CancellationToken cancellation) =>
        _inner.ReadBatchesAsync(from, through, cancellation);

    public ValueTask<long> FindBatchBeforeAsync(long atMs, CancellationToken cancellation) => _inner.FindBatchBeforeAsync(atMs, cancellation);

    public ValueTask<AccountHead?> ReadHeadAsync(long account, CancellationToken cancellation) => _inner.ReadHeadAsync(account, cancellation);

    public IAsyncEnumerable<AccountHead> ReadHeadsAsync(CancellationToken cancellation) => _inner.ReadHeadsAsync(cancellation);

    public Task WriteHeadsAsync(IReadOnlyList<AccountHead> heads, long coveredThrough, CancellationToken cancellation) =>
        HeadsFailure is { } failure ? Task.FromException(failure) : _inner.WriteHeadsAsync(heads, coveredThrough, cancellation);

    public ValueTask<IReadOnlyList<DueAccount>> ReadDueAsync(long atMs, int limit, CancellationToken cancellation) =>
        _inner.ReadDueAsync(atMs, limit, cancellation);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private static TaskCompletionSource<(AppendResult? Result, bool IsReallyThere)> New() => new();

    private static TaskCompletionSource Released()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        done.SetResult();
        return done;
    }
}
