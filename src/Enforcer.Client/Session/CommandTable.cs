using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>
/// All commands that were accepted and not yet answered, and the queue of those that wait for the wire. A fixed number of
/// slots is what bounds a session; whoever wants one takes a permit from <see cref="Room"/> first.
/// </summary>
/// <remarks>
/// A slot is written only under the gate, with one exception: between <see cref="TakeBatch"/> and <see cref="MarkSent"/> the
/// writer reads commands without it. They are <see cref="SlotState.Writing"/> for so long, and nothing changes or frees a slot
/// in that state. Numbers on the wire rise in the order of acceptance, so sorting by them restores that order after a
/// reconnect, and an answer to a slot's former command is recognised by its number and ignored.
/// </remarks>
internal sealed class CommandTable
{
    private const int IndexBits = 16;
    private readonly Lock _gate = new();
    private readonly Slot[] _slots;
    private readonly FreeSlots _free;
    private readonly IndexQueue _queue;
    private readonly RetryPolicy _retries;
    private readonly OperationIds _ids;
    private readonly long _timeout;
    private int _dropped;
    private ulong _sequence;
    private bool _isClosed;

    public CommandTable(int capacity, RetryPolicy retries, OperationIds ids, long timeout)
    {
        _slots = new Slot[capacity];
        _free = new FreeSlots(capacity);
        _queue = new IndexQueue(capacity);
        _retries = retries;
        _ids = ids;
        _timeout = timeout;
        Room = new SemaphoreSlim(capacity, capacity);
    }

    /// <summary>A permit for each free slot.</summary>
    public SemaphoreSlim Room { get; }

    /// <summary>Commands without an answer.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _free.Taken;
        }
    }

    /// <summary>Whether anything waits for the wire.</summary>
    public bool HasQueued
    {
        get
        {
            lock (_gate)
                return _queue.Count > 0;
        }
    }

    /// <summary>Accepts commands, for each of which the caller holds a permit.</summary>
    /// <returns>The last number, and whether the queue was empty before, so that the writer must be woken.</returns>
    /// <exception cref="ObjectDisposedException">The table is closed. The permits are given back, so that whoever waits for one learns it too.</exception>
    public (ulong Number, bool Wake) Add(
        ReadOnlySpan<SessionCommand> commands, IOutcomeHandler handler, bool releaseIfLeft, long now)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                GiveRoom(commands.Length);
                throw new ObjectDisposedException(nameof(EnforcerSession));
            }
            var wake = _queue.Count == 0;
            var number = 0UL;
            foreach (ref readonly var command in commands)
            {
                var index = _free.Take();
                number = NextNumber(index);
                _slots[index] = new Slot
                {
                    Command = command,
                    Handler = handler,
                    Number = number,
                    Start = now,
                    Deadline = now + _timeout,
                    ReleaseIfLeft = releaseIfLeft,
                };
                Enqueue(index);
            }
            return (number, wake);
        }
    }

    /// <summary>Takes commands from the queue, in order, to be written.</summary>
    /// <param name="batch">Takes the slots' indices.</param>
    /// <param name="bytes">No fewer bytes than they need on the wire.</param>
    public int TakeBatch(Span<int> batch, out int bytes)
    {
        var count = 0;
        var freed = 0;
        bytes = 0;
        lock (_gate)
        {
            while (count < batch.Length && _queue.TryTake(out var index))
            {
                ref var slot = ref _slots[index];
                if (slot.State == SlotState.Dropped)
                {
                    freed += Free(index);
                    _dropped--;
                    continue;
                }
                slot.State = SlotState.Writing;
                bytes += CommandEncoder.Bound(slot.Command);
                batch[count++] = index;
            }
        }
        GiveRoom(freed);
        return count;
    }

    /// <summary>Writes the commands that <see cref="TakeBatch"/> took.</summary>
    public int Encode(ReadOnlySpan<int> batch, Span<byte> target)
    {
        var writer = new WireWriter(target);
        foreach (var index in batch)
        {
            ref readonly var slot = ref _slots[index];
            CommandEncoder.Write(ref writer, slot.Number, slot.Command);
        }
        return writer.Written;
    }

    /// <summary>The batch goes out next. Call it before the bytes can leave, so that no answer comes before it.</summary>
    public void MarkSent(ReadOnlySpan<int> batch, long now)
    {
        lock (_gate)
        {
            foreach (var index in batch)
            {
                ref var slot = ref _slots[index];
                slot.State = SlotState.Sent;
                slot.WasSent = true;
                if (slot.Handler is null && slot.MustRelease)
                    TurnIntoRelease(index, now);
            }
        }
    }

    /// <summary>Takes answers from the wire.</summary>
    /// <param name="answers">As they came.</param>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="completions">Gets what is to be delivered.</param>
    /// <param name="isStuck">True if a command has been repeated so often that another server should be asked.</param>
    /// <returns>How many commands will be repeated.</returns>
    public int Answer(ReadOnlySpan<NumberedOutcome> answers, long now, List<Completion> completions, out bool isStuck)
    {
        isStuck = false;
        var freed = 0;
        var repeated = 0;
        lock (_gate)
        {
            foreach (ref readonly var answer in answers)
            {
                var index = (int)(answer.Number & ((1 << IndexBits) - 1));
                if (index >= _free.Used || _slots[index].Number != answer.Number || _slots[index].State != SlotState.Sent)
                    continue;
                ref var slot = ref _slots[index];
                if (Rests(ref slot, answer.Outcome.Refusal, now))
                {
                    repeated++;
                    isStuck |= answer.Outcome.Refusal == Refusal.Unavailable && slot.Attempts % SessionLink.MostHelpless == 0;
                    continue;
                }
                if (slot.Handler is not null)
                    completions.Add(Completion.Of(slot, answer.Outcome, failure: null));
                freed += Free(index);
            }
        }
        GiveRoom(freed);
        return repeated;
    }

    /// <summary>After a connection was lost: what was on it goes to the front of the queue, in the order of acceptance.</summary>
    /// <param name="wasRead">The server may have read from it; false if it refused it from the start.</param>
    /// <param name="now">The clock's timestamp.</param>
    public void RequeueSent(bool wasRead, long now)
    {
        lock (_gate)
        {
            var open = new List<int>();
            for (var i = 0; i < _free.Used; i++)
            {
                ref var slot = ref _slots[i];
                if (slot.State is SlotState.Writing or SlotState.Sent)
                    Requeue(i, wasRead, now);
                if (slot.State is SlotState.Queued or SlotState.Dropped)
                    open.Add(i);
            }
            open.Sort((a, b) => _slots[a].Number.CompareTo(_slots[b].Number));
            _queue.Replace(open);
        }
    }

    /// <summary>
    /// Whoever waits for the command stops waiting. A Reserve is dropped, or followed by a Release if it has been sent; anything
    /// else goes on by itself, because a real cost must arrive though nobody waits for it.
    /// </summary>
    /// <returns>Whether somebody waited, and whether the writer must be woken.</returns>
    public (bool Left, bool Wake) Leave(ulong number, long now)
    {
        lock (_gate)
        {
            var index = (int)(number & ((1 << IndexBits) - 1));
            ref var slot = ref _slots[index];
            if (slot.Number != number || slot.State is SlotState.Free or SlotState.Dropped || slot.Handler is null)
                return (false, false);
            slot.Handler = null;
            var wake = _queue.Count == 0;
            if (slot.Command.Kind == SessionCommandKind.Reserve)
                LeaveReserve(index, now);
            return (true, wake && _queue.Count > 0);
        }
    }

    /// <summary>Ends what is past its deadline and queues what has rested.</summary>
    /// <returns>Whether the writer must be woken.</returns>
    public bool Sweep(long now, Func<bool, EnforcerException> late, List<Completion> completions)
    {
        var freed = 0;
        bool wake;
        lock (_gate)
        {
            var before = _queue.Count;
            for (var i = 0; i < _free.Used; i++)
            {
                ref var slot = ref _slots[i];
                if (slot.State is SlotState.Free or SlotState.Dropped)
                    continue;
                if (now >= slot.Deadline)
                    freed += Expire(i, now, late, completions);
                else if (slot.State == SlotState.Resting && now >= slot.RestUntil)
                    Enqueue(i);
            }
            wake = before == 0 && _queue.Count > 0;
            freed += FreeDropped();
        }
        GiveRoom(freed);
        return wake;
    }

    /// <summary>Ends everything: the server does not serve this client. Not called while a batch is being written.</summary>
    public void FailAll(Func<bool, EnforcerException> failure, List<Completion> completions)
    {
        var freed = 0;
        lock (_gate)
        {
            for (var i = 0; i < _free.Used; i++)
            {
                ref var slot = ref _slots[i];
                if (slot.State == SlotState.Free)
                    continue;
                if (slot.Handler is not null)
                    completions.Add(Completion.Of(slot, default, failure(slot.WasSent)));
                freed += Free(i);
            }
            _queue.Replace([]);
            _dropped = 0;
        }
        GiveRoom(freed);
    }

    /// <summary>Accepts nothing any more; completes once no command is without an answer. Called once.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            return _free.WhenAllFree();
        }
    }

    private bool Rests(ref Slot slot, Refusal refusal, long now)
    {
        if (!_retries.ShouldRepeat(refusal, slot.Attempts, out var wait) || now + wait >= slot.Deadline)
            return false;
        slot.Attempts++;
        slot.RestUntil = now + wait;
        slot.State = SlotState.Resting;
        return true;
    }

    private void Requeue(int index, bool wasRead, long now)
    {
        ref var slot = ref _slots[index];
        slot.WasLost |= slot.State == SlotState.Sent && wasRead;
        slot.WasSent = slot.WasLost;
        slot.State = SlotState.Queued;
        if (slot.Handler is null && slot.MustRelease)
            LeaveReserve(index, now);
    }

    private int Expire(int index, long now, Func<bool, EnforcerException> late, List<Completion> completions)
    {
        ref var slot = ref _slots[index];
        var handler = slot.Handler;
        if (handler is not null)
        {
            completions.Add(Completion.Of(slot, default, late(slot.WasSent || slot.State == SlotState.Writing)));
            slot.Handler = null;
        }
        if (slot.State == SlotState.Writing)
            return 0;
        if (handler is not null && slot.MustRelease)
        {
            LeaveReserve(index, now);
            return 0;
        }
        if (slot.State == SlotState.Queued)
        {
            Drop(ref slot);
            return 0;
        }
        return Free(index);
    }

    private void LeaveReserve(int index, long now)
    {
        ref var slot = ref _slots[index];
        if (slot.State == SlotState.Writing)
            return;
        if (slot.State == SlotState.Queued && !slot.WasSent)
            Drop(ref slot);
        else
            TurnIntoRelease(index, now);
    }

    /// <summary>
    /// Nobody will settle this reservation, if it was made: it is released. The account's order puts the Release behind the
    /// Reserve; if that was never carried out, the Release is refused and that is all.
    /// </summary>
    private void TurnIntoRelease(int index, long now)
    {
        ref var slot = ref _slots[index];
        slot.BecomeRelease(_ids.Next(), NextNumber(index), now + _timeout);
        if (slot.State != SlotState.Queued)
            Enqueue(index);
    }

    private void Drop(ref Slot slot)
    {
        slot.State = SlotState.Dropped;
        _dropped++;
    }

    private void Enqueue(int index)
    {
        _slots[index].State = SlotState.Queued;
        _queue.Add(index);
    }

    private int FreeDropped()
    {
        if (_dropped == 0)
            return 0;
        var freed = 0;
        var kept = new List<int>();
        while (_queue.TryTake(out var index))
        {
            if (_slots[index].State == SlotState.Dropped)
                freed += Free(index);
            else
                kept.Add(index);
        }
        _queue.Replace(kept);
        _dropped = 0;
        return freed;
    }

    private int Free(int index)
    {
        // Clears references too: a slot must not keep a handler or a key alive.
        _slots[index] = default;
        _free.Give(index);
        return 1;
    }

    private void GiveRoom(int freed)
    {
        if (freed > 0)
            Room.Release(freed);
    }

    private ulong NextNumber(int index) => (++_sequence << IndexBits) | (uint)index;
}
