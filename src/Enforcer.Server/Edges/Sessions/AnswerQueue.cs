using System.Diagnostics.CodeAnalysis;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Server.Edges.Sessions;

/// <summary>
/// The answers of one session between deciding and telling. Batches are taken in the order in which they were put in;
/// any thread may put, one takes. It counts the commands in flight and lets the reader wait while there are too many.
/// </summary>
internal sealed class AnswerQueue(int maxInFlight)
{
    private const int MaxSpare = 64;
    private readonly Lock _gate = new();
    private readonly Queue<AnswerBatch> _filled = new();
    private readonly Stack<AnswerBatch> _spare = new();
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

    /// <summary>Puts an answer in that was promised. Such answers gather while their batch has not been taken.</summary>
    public void Put(ulong number, CommandKind kind, in Outcome outcome, AppendTicket ticket, string account)
    {
        TaskCompletionSource<bool>? taker = null;
        lock (_gate)
        {
            if (_gathering is not { IsFull: false } batch || !batch.CoversWith(ticket))
            {
                _gathering = batch = _spare.TryPop(out var spare) ? spare : new AnswerBatch();
                taker = Enqueue(batch);
            }
            batch.Add(number, kind, outcome, ticket, account);
        }
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

    private TaskCompletionSource<bool>? Enqueue(AnswerBatch batch)
    {
        _filled.Enqueue(batch);
        var taker = _taker;
        _taker = null;
        return taker;
    }
}
