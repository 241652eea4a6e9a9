using System.Diagnostics.CodeAnalysis;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Server.Edges.Sessions;

/// <summary>
/// The answers of one session between deciding and telling. Batches are taken in the order in which they were put in, but those that wait for answers of
/// other nodes when they have them, or have waited long enough; any thread may put, one takes. It counts the commands in flight and lets the reader wait
/// while there are too many.
/// </summary>
internal sealed class AnswerQueue(int maxInFlight, TimeProvider clock)
{
    private const int MaxSpare = 64;

    /// <summary>
    /// So long answers wait for those of other nodes, and at most twice as long: a few times what these need on a busy machine. Longer, a node that has died
    /// would be noticed by clients of accounts that it does not have.
    /// </summary>
    public static readonly TimeSpan MostWait = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Queue<AnswerBatch> _filled = new();
    private readonly Stack<AnswerBatch> _spare = new();
    private readonly Queue<LateAnswers> _waiting = new();
    private readonly long _mostWait = (long)(MostWait.TotalSeconds * clock.TimestampFrequency);
    private bool _isWatched;
    private AnswerBatch? _gathering;
    private TaskCompletionSource<bool>? _taker;
    private TaskCompletionSource? _room;
    private int _inFlight;
    private bool _hasEnded;
    private Exception? _failure;

    /// <summary>An empty batch.</summary>
    public AnswerBatch Rent()
    {
        lock (_gate) return _spare.TryPop(out var batch) ? batch : new AnswerBatch();
    }

    /// <summary>A command was started whose answer comes later, by <see cref="Put(ulong, CommandKind, in Outcome, AppendTicket, string)"/>.</summary>
    public void Promise()
    {
        lock (_gate) _inFlight++;
    }

    /// <summary>Puts answers in.</summary>
    public void Put(AnswerBatch batch)
    {
        TaskCompletionSource<bool>? taker;
        lock (_gate)
        {
            _inFlight += batch.Count;
            taker = Enqueue(batch);
        }
        taker?.SetResult(true);
    }

    /// <summary>Puts answers in that wait a while for those that were promised.</summary>
    public void Put(AnswerBatch batch, LateAnswers late)
    {
        TaskCompletionSource<bool>? taker = null;
        var mustWatch = false;
        lock (_gate)
        {
            _inFlight += batch.Count + batch.Promised;
            late.Missing += batch.Promised;
            (late.Batch, late.Until) = (batch, clock.GetTimestamp() + _mostWait);
            if (late.Missing == 0)
            {
                taker = Release(late);
            }
            else
            {
                _waiting.Enqueue(late);
                (mustWatch, _isWatched) = (!_isWatched, true);
            }
        }
        taker?.SetResult(true);
        if (mustWatch) _ = WatchAsync();
    }

    /// <summary>Puts an answer in that was promised to a batch. If that has left, such answers gather while their batch has not been taken.</summary>
    public void Put(LateAnswers late, ulong number, CommandKind kind, in Outcome outcome, AppendTicket ticket, string account)
    {
        TaskCompletionSource<bool>? taker = null;
        lock (_gate)
        {
            late.Missing--;
            if (late.Batch is { } batch && batch.CoversWith(ticket)) batch.Add(number, kind, outcome, ticket, account);
            else taker = Gather(number, kind, outcome, ticket, account);
            if (late.Missing == 0) taker = Release(late) ?? taker;
        }
        taker?.SetResult(true);
    }

    /// <summary>Puts an answer in that was promised. Such answers gather while their batch has not been taken.</summary>
    public void Put(ulong number, CommandKind kind, in Outcome outcome, AppendTicket ticket, string account)
    {
        TaskCompletionSource<bool>? taker;
        lock (_gate) taker = Gather(number, kind, outcome, ticket, account);
        taker?.SetResult(true);
    }

    /// <summary>Takes the next batch, if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out AnswerBatch? batch)
    {
        lock (_gate)
        {
            if (!_filled.TryDequeue(out batch)) return false;
            if (batch == _gathering) _gathering = null;
            return true;
        }
    }

    /// <summary>Completes when there is something to take (true), or when everything was told and nothing more will come (false).</summary>
    public ValueTask<bool> WaitToTakeAsync()
    {
        lock (_gate)
        {
            if (_filled.Count > 0) return new(true);
            if (_hasEnded && _inFlight == 0) return new(false);
            _taker = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return new(_taker.Task);
        }
    }

    /// <summary>The answers of a batch were given to the stream; it can be used again.</summary>
    public void Return(AnswerBatch batch)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            _inFlight -= batch.Count;
            batch.Clear();
            if (_spare.Count < MaxSpare) _spare.Push(batch);
            if (_inFlight <= maxInFlight / 2) (room, _room) = (_room, null);
        }
        room?.SetResult();
    }

    /// <summary>Completes at once unless too many commands are in flight; then when half of them are answered.</summary>
    public ValueTask WhenRoomAsync()
    {
        lock (_gate)
        {
            if (_failure is not null) return ValueTask.FromException(_failure);
            if (_inFlight < maxInFlight) return default;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new(_room.Task);
        }
    }

    /// <summary>No more commands will begin.</summary>
    public void End()
    {
        TaskCompletionSource<bool>? taker = null;
        lock (_gate)
        {
            _hasEnded = true;
            if (_inFlight == 0) (taker, _taker) = (_taker, null);
        }
        taker?.SetResult(false);
    }

    /// <summary>Answers can no longer be told: whoever waits for room is told why.</summary>
    public void Fail(Exception failure)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _failure = failure;
            (room, _room) = (_room, null);
        }
        room?.SetException(failure);
    }

    private TaskCompletionSource<bool>? Gather(ulong number, CommandKind kind, in Outcome outcome, AppendTicket ticket, string account)
    {
        TaskCompletionSource<bool>? taker = null;
        if (_gathering is not { IsFull: false } batch || !batch.CoversWith(ticket))
        {
            _gathering = batch = _spare.TryPop(out var spare) ? spare : new AnswerBatch();
            taker = Enqueue(batch);
        }
        batch.Add(number, kind, outcome, ticket, account);
        return taker;
    }

    /// <summary>A batch waits no longer for its late answers.</summary>
    private TaskCompletionSource<bool>? Release(LateAnswers late)
    {
        if (late.Batch is not { } batch) return null;
        late.Batch = null;
        if (batch.Count > 0) return Enqueue(batch);
        batch.Clear();
        _spare.Push(batch);
        return null;
    }

    /// <summary>Releases batches that have waited long enough, until none waits.</summary>
    private async Task WatchAsync()
    {
        do await Task.Delay(MostWait, clock).ConfigureAwait(false);
        while (ReleaseOverdue());
    }

    /// <summary>False if none waits any more.</summary>
    private bool ReleaseOverdue()
    {
        TaskCompletionSource<bool>? taker = null;
        bool isWatched;
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            while (_waiting.TryPeek(out var late) && (late.Batch is null || late.Until <= now))
            {
                taker = Release(late) ?? taker;
                _waiting.Dequeue();
            }
            _isWatched = isWatched = _waiting.Count > 0;
        }
        taker?.SetResult(true);
        return isWatched;
    }

    private TaskCompletionSource<bool>? Enqueue(AnswerBatch batch)
    {
        _filled.Enqueue(batch);
        var taker = _taker;
        _taker = null;
        return taker;
    }
}
