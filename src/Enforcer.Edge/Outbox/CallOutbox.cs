using System.Threading.Channels;
using Enforcer.Edge.Observability;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Outbox;

/// <summary>
/// What must not be forgotten of calls that are not yet booked. Before a call is made, the worst it can come to is written here and made durable;
/// when it is over, what it really used takes that place; when Enforcer has booked it, it is crossed out. So whoever starts after a kill finds
/// every call that may have been served: those whose end nobody saw are booked at what was held for them, which is what their expiry would
/// have charged, and all under the operation id of the first attempt, so that none is booked twice.
/// </summary>
/// <remarks>
/// One loop writes, in the order in which it was asked to; everything asked for while it writes goes out with the next fsync. After a write that
/// failed nobody knows what the file holds, so it is written anew before anything else is added.
/// </remarks>
internal sealed class CallOutbox : IAsyncDisposable
{
    private const long RewriteBytes = 8L << 20;
    private readonly OutboxFile _file;
    private readonly int _mostCalls;
    private readonly ILogger _log;
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<Guid, Settlement> _open = [];
    private readonly HashSet<Guid> _due = [];
    private readonly Lock _gate = new();
    private readonly Task _writing;
    private long _sizeAfterRewrite;
    private bool _isUncertain;
    private int _calls;

    private CallOutbox(OutboxFile file, int mostCalls, ILogger log)
    {
        (_file, _mostCalls, _log) = (file, mostCalls, log);
        foreach (var record in file.Read())
            Apply(record);
        _due.UnionWith(_open.Keys);
        _calls = _open.Count;
        _sizeAfterRewrite = file.Length;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Calls that are open or not yet booked.</summary>
    public int Count => Volatile.Read(ref _calls);

    /// <summary>Opens the outbox of a folder. What an earlier edge left there is due at once.</summary>
    /// <exception cref="OutboxException">It is in use or damaged.</exception>
    public static CallOutbox Open(string folder, int mostCalls, ILogger log)
    {
        var file = OutboxFile.Open(folder);
        try
        {
            return new CallOutbox(file, mostCalls, log);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes a place for one more call; false if there is none.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _calls) <= _mostCalls)
            return true;
        Interlocked.Decrement(ref _calls);
        return false;
    }

    /// <summary>Writes down the worst that a call can come to; when this completes it is durable, and the call may be made.</summary>
    /// <exception cref="IOException">It could not be written; the call must not be made.</exception>
    public Task BeginAsync(Settlement worst)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Ask(new Request(new OutboxRecord(worst, null), done));
        return done.Task;
    }

    /// <summary>Writes down how a call really ended.</summary>
    public void Keep(Settlement real) => Ask(new Request(new OutboxRecord(real, null), null));

    /// <summary>Crosses a call out.</summary>
    public void Close(Guid reservationId) => Ask(new Request(new OutboxRecord(null, reservationId), null));

    /// <summary>Says that a call must be settled later.</summary>
    public void Defer(Guid reservationId)
    {
        lock (_gate)
            _due.Add(reservationId);
    }

    /// <summary>Calls that are to be settled now.</summary>
    public IReadOnlyList<Settlement> Due()
    {
        lock (_gate)
            return [.. _due.Where(_open.ContainsKey).Select(id => _open[id])];
    }

    /// <summary>Writes what was asked for, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        _file.Dispose();
    }

    private void Ask(Request request)
    {
        if (!_requests.Writer.TryWrite(request))
            request.Done?.SetException(new IOException("The edge is stopping."));
    }

    private async Task WriteAsync()
    {
        var batch = new List<Request>();
        while (await _requests.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_requests.Reader.TryRead(out var request))
                batch.Add(request);
            Write(batch);
            batch.Clear();
        }
    }

    private void Write(List<Request> batch)
    {
        var failure = TryWrite(batch);
        foreach (var request in batch)
        {
            if (failure is null)
                request.Done?.SetResult();
            else
                request.Done?.SetException(new IOException($"The outbox cannot be written: {failure.Message}", failure));
        }
    }

    private Exception? TryWrite(List<Request> batch)
    {
        try
        {
            lock (_gate)
            {
                foreach (var request in batch)
                    Apply(request.Record);
            }
            if (_isUncertain || _file.Length > RewriteBytes + (2 * _sizeAfterRewrite))
                Rewrite();
            else
                _file.Append(batch.Select(request => request.Record));
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _isUncertain = true;
            EdgeLog.OutboxFailed(_log, failure);
            return failure;
        }
    }

    private void Rewrite()
    {
        List<OutboxRecord> all;
        lock (_gate)
            all = [.. _open.Values.Select(settlement => new OutboxRecord(settlement, null))];
        _file.Rewrite(all);
        _sizeAfterRewrite = _file.Length;
        _isUncertain = false;
    }

    private void Apply(OutboxRecord record)
    {
        if (record.Settlement is { } settlement)
            _open[settlement.ReservationId] = settlement;
        if (record.Over is not { } over || !_open.Remove(over))
            return;
        _due.Remove(over);
        Interlocked.Decrement(ref _calls);
    }

    private sealed record Request(OutboxRecord Record, TaskCompletionSource? Done);
}
