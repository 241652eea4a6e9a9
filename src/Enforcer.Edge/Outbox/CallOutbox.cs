using System.Collections.Concurrent;
using Enforcer.Edge.Observability;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Outbox;

/// <summary>
/// What must not be forgotten of calls that are not yet booked. Before a call is made, the worst it can come to is written here, and it is durable
/// before the customer sees anything of the answer; when it is over, what it really used takes that place; when Enforcer has booked it, it is crossed out. So whoever starts after a kill finds
/// every call that may have been served: those whose end nobody saw are booked at what was held for them, which is what their expiry would
/// have charged, and all under the operation id of the first attempt, so that none is booked twice.
/// </summary>
/// <remarks>
/// What is asked for is in the file when the call returns, so a kill loses none of it; only what is crossed out may wait for the next line, because a
/// call that is settled once more takes no effect. What outlives the machine too is told by <see cref="Begin"/>: a thread of its own makes it durable, so that
/// no thread of the pool waits for the disk, and whoever comes while an fsync runs shares the next one. The same thread makes the file short again, beside the calls. After
/// a write or an fsync that failed nobody knows what the file holds, so it is written anew before anything else is added.
/// </remarks>
internal sealed class CallOutbox : IAsyncDisposable
{
    private const long RewriteBytes = 8L << 20;
    private readonly OutboxFile _file;
    private readonly int _mostCalls;
    private readonly ILogger _log;
    private readonly BlockingCollection<TaskCompletionSource<bool>> _waiting;
    private readonly Dictionary<Guid, Settlement> _open = [];
    private readonly HashSet<Guid> _due = [];
    private readonly Lock _gate = new();
    private readonly Task _flushing;
    private long _sizeAfterRewrite;
    private volatile bool _isUncertain;
    private bool _isShortening;
    private bool _isClosed;
    private int _calls;

    private CallOutbox(OutboxFile file, int mostCalls, ILogger log)
    {
        (_file, _mostCalls, _log) = (file, mostCalls, log);
        // A call whose customer has gone gives up its place before its fsync has ended: beside a disk that stands still, places bound nothing here.
        _waiting = new BlockingCollection<TaskCompletionSource<bool>>(mostCalls);
        foreach (var record in file.Read())
            Apply(record);
        _due.UnionWith(_open.Keys);
        _calls = _open.Count;
        _sizeAfterRewrite = file.Length;
        _flushing = Task.Factory.StartNew(Flush, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Calls that are open or not yet booked.</summary>
    public int Count => Volatile.Read(ref _calls);

    /// <summary>Whether the last thing that was written arrived.</summary>
    public bool CanBeWritten => !_isUncertain;

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

    /// <summary>Writes down the worst that a call can come to. When this returns, the call may be made.</summary>
    /// <returns>Completes when that is durable, before which nobody must see an answer; false if the disk fails now.</returns>
    /// <exception cref="IOException">It could not be written, or too many wait for the disk already; the call must not be made.</exception>
    public Task<bool> Begin(Settlement worst)
    {
        if (Add(new OutboxRecord(worst, null)) is { } failure)
            throw new IOException($"The outbox cannot be written: {failure.Message}", failure);
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (!_waiting.TryAdd(done))
                throw new IOException($"{_mostCalls} calls wait for the outbox's disk, which is the most here.");
        }
        catch (InvalidOperationException stopping)
        {
            throw new IOException("The edge is stopping.", stopping);
        }
        return done.Task;
    }

    /// <summary>Writes down how a call really ended, or what becomes of it if it is not made.</summary>
    public void Keep(Settlement real) => Add(new OutboxRecord(real, null));

    /// <summary>Crosses a call out; written with the next line, or by <see cref="Tidy"/>.</summary>
    public void Close(Guid reservationId)
    {
        var record = new OutboxRecord(null, reservationId);
        lock (_gate)
        {
            Apply(record);
            _file.Hold(record);
        }
    }

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

    /// <summary>Writes what waits for a next line that may be long in coming.</summary>
    public void Tidy()
    {
        lock (_gate)
            Write(null);
    }

    /// <summary>Makes durable what was asked for, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _waiting.CompleteAdding();
        await _flushing.ConfigureAwait(false);
        Tidy();
        _file.Dispose();
        _waiting.Dispose();
    }

    /// <summary>Takes a record in and writes it; what went wrong, if something did. In memory it counts all the same.</summary>
    private Exception? Add(OutboxRecord record)
    {
        lock (_gate)
        {
            Apply(record);
            return Write(record);
        }
    }

    private Exception? Write(OutboxRecord? record)
    {
        try
        {
            if (_isUncertain)
                WriteAnew();
            else if (record is not null)
                _file.Append(record);
            else
                _file.Write();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Doubt(failure);
        }
    }

    private void Flush()
    {
        var batch = new List<TaskCompletionSource<bool>>();
        while (_waiting.TryTake(out var first, Timeout.Infinite))
        {
            batch.Add(first);
            while (batch.Count < _mostCalls && _waiting.TryTake(out var waiting))
                batch.Add(waiting);
            var isDurable = TryFlush();
            foreach (var waiting in batch)
                waiting.SetResult(isDurable);
            batch.Clear();
        }
    }

    private bool TryFlush()
    {
        try
        {
            if (_file.Length > RewriteBytes + (2 * _sizeAfterRewrite))
                Shorten();
            _file.Flush();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            lock (_gate)
                Doubt(failure);
            return false;
        }
    }

    private Exception Doubt(Exception failure)
    {
        if (!_isUncertain)
            EdgeLog.OutboxFailed(_log, failure);
        _isUncertain = true;
        return failure;
    }

    /// <summary>Leaves out what is over. Calls go on meanwhile: what they add after the picture was taken is carried over at the end.</summary>
    private void Shorten()
    {
        List<Settlement> open;
        long upTo;
        lock (_gate)
        {
            if (_isUncertain)
                return;
            (open, upTo, _isShortening) = ([.. _open.Values], _file.Length, true);
        }
        try
        {
            var fresh = _file.Prepare(open.Select(settlement => new OutboxRecord(settlement, null)));
            lock (_gate)
            {
                if (_isUncertain)
                    fresh.Dispose();
                else
                    Replace(fresh, upTo);
            }
        }
        finally
        {
            lock (_gate)
                _isShortening = false;
        }
    }

    private void WriteAnew()
    {
        if (_isShortening)
            throw new IOException("It is being made shorter, and failed meanwhile.");
        Replace(_file.Prepare(_open.Values.Select(settlement => new OutboxRecord(settlement, null))), _file.Length);
        _isUncertain = false;
    }

    private void Replace(OutboxFile.Fresh fresh, long upTo)
    {
        _file.Replace(fresh, upTo);
        _sizeAfterRewrite = _file.Length;
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
}
