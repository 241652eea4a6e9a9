using Enforcer.Cluster;

namespace Enforcer.Orleans;

/// <summary>
/// What is for one silo: requests gather while frames before them are under way, so that one message carries as many as have come meanwhile, and leave in
/// the order in which they came.
/// </summary>
internal sealed class SiloLink(ISiloPort port, ICallMessages calls, int mostWaiting, TimeProvider clock) : IThreadPoolWorkItem
{
    private const int MostFrames = 3;
    private readonly Lock _gate = new();
    private readonly List<RequestFrame> _sent = [];
    private readonly Queue<RequestFrame> _full = new();
    private RequestFrame _open = new();
    private int _waiting;
    private bool _isSending;

    /// <summary>True if nobody waits for anything.</summary>
    public bool IsIdle => Volatile.Read(ref _waiting) == 0;

    /// <summary>Asks the silo; null if more wait for it than may.</summary>
    /// <param name="request">What.</param>
    /// <param name="deadline">The clock's timestamp at which nobody waits any more.</param>
    public Task<AccountAnswer>? Ask(in AccountRequest request, long deadline)
    {
        Task<AccountAnswer> answer;
        var timeoutMs = Math.Max(1, (long)clock.GetElapsedTime(clock.GetTimestamp(), deadline).TotalMilliseconds);
        lock (_gate)
        {
            if (_waiting >= mostWaiting) return null;
            answer = _open.Add(request, deadline, timeoutMs, calls);
            _waiting++;
            if (_open.IsFull) Shelve();
            if (_isSending || _sent.Count == MostFrames) return answer;
            _isSending = true;
        }
        // On another thread: the caller has more to ask, which leaves with the same frame.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        return answer;
    }

    /// <summary>Tells those whose time is over.</summary>
    public void Tick(long now)
    {
        var expired = new List<TaskCompletionSource<AccountAnswer>>();
        lock (_gate)
        {
            foreach (var frame in (IEnumerable<RequestFrame>)[.. _sent, .. _full, _open]) frame.FindExpired(now, expired);
        }
        foreach (var told in expired) told.TrySetResult(AccountAnswer.Unknown);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TakeFrame() is { } frame) _ = ExchangeAsync(frame);
    }

    private async Task ExchangeAsync(RequestFrame frame)
    {
        try
        {
            frame.Complete(await port.ExchangeAsync(frame.ToBytes()).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // A silo that died, a message that got lost: whoever waits is told that nobody knows, and asks again.
        catch (Exception)
#pragma warning restore CA1031
        {
            frame.Lose();
        }
        lock (_gate)
        {
            _waiting -= frame.Count;
            _sent.Remove(frame);
            if (_isSending || (_full.Count == 0 && _open.Count == 0)) return;
            _isSending = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private RequestFrame? TakeFrame()
    {
        lock (_gate)
        {
            var mayLeave = _sent.Count < MostFrames;
            if (mayLeave && _full.Count == 0 && _open.Count > 0) Shelve();
            if (mayLeave && _full.TryDequeue(out var frame))
            {
                _sent.Add(frame);
                return frame;
            }
            _isSending = false;
            return null;
        }
    }

    private void Shelve()
    {
        _full.Enqueue(_open);
        _open = new RequestFrame();
    }
}
