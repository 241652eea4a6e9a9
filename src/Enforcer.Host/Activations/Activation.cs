using System.Runtime.CompilerServices;
using Enforcer.Host.Operations;
using Enforcer.Journal;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Rules;

namespace Enforcer.Host.Activations;

/// <summary>
/// One account in memory and its only writer: decide, apply, append, all under one gate, so that entries reach the journal
/// in the order in which they were decided. It never waits for the disk; whoever gets an answer waits for its ticket.
/// </summary>
/// <remarks>
/// Later commands are decided on state that is not yet durable. That is safe for two reasons, and only for these: every
/// answer, refusals included, carries the ticket of the last record that it was decided on, and batches become durable in
/// order; and when a batch is lost, this activation is dropped before it decides again (<see cref="IJournal.IsLost"/>
/// before each decision, the generation checked inside each append), so nothing is ever decided on lost state and told.
/// A command that must look into the past is parked alone: the ones behind it go on, unless they need the past as well.
/// The gate is the object itself, which nobody outside the host sees: there may be millions of them, and a gate of its own
/// would be another object to each.
/// </remarks>
internal sealed class Activation
{
    [ThreadStatic]
    private static EntryBuffer? _buffer;

    /// <summary>When to try again to end what is due, if the journal takes nothing.</summary>
    private const long DueAgainMs = 100;

    /// <summary>The state while there is none to be used; nothing is decided on it.</summary>
    private static readonly AccountState Nothing = new();
    private readonly ActivationContext _context;
    private Signals? _loaded;
    private ActivationPhase _phase = ActivationPhase.Loading;
    private AccountState _state = Nothing;
    private AccountTail _tail;
    private Queue<ParkedCommand>? _parked;
    private long _coveredSinceMs;
    private long _lastUsedMs;
    private long _wakeMs = long.MaxValue;
    private bool _isTrimmed;
    private bool _isHeadTaken;
    private bool _isListedForHead;
    private bool _isLookingUp;

    public Activation(long account, ActivationContext context) => (Account, _context) = (account, context);

    /// <summary>The account's number.</summary>
    public long Account { get; }

    /// <summary>True once it must not be used any more.</summary>
    public bool IsGone { get { lock (this) return _phase == ActivationPhase.Gone; } }

    /// <summary>True while it is in use and nothing it stands on was lost.</summary>
    public bool IsHeld { get { lock (this) return IsUsable(); } }

    /// <summary>The last record that it appended.</summary>
    public AppendTicket LastTicket { get { lock (this) return _tail.Ticket; } }

    /// <summary>Completes when its state has been read; faults if it cannot be.</summary>
    public Task Loaded
    {
        get { lock (this) return _phase == ActivationPhase.Loading ? (_loaded ??= new Signals()).Add() : Task.CompletedTask; }
    }

    /// <summary>Reads a little of everything that a decision reads, see <see cref="AccountHost.Warm"/>. Without the gate: nothing depends on it.</summary>
    public long Warm() => _lastUsedMs + _state.Warm();

    /// <summary>
    /// Decides a command, or parks it; false if this activation is gone and another must be asked for, or if it is still being loaded and
    /// <paramref name="mayWait"/> is false.
    /// </summary>
    public bool TryExecute(in Command command, long nowMs, out Execution execution, bool mayWait = true, long deadlineMs = long.MaxValue)
    {
        lock (this)
        {
            execution = default;
            if (_phase == ActivationPhase.Gone || (_phase == ActivationPhase.Loading && !mayWait)) return false;
            (_lastUsedMs, _isTrimmed) = (nowMs, false);
            if (_phase == ActivationPhase.Ready) return TryDecide(command, nowMs, KnownAbout(command), out execution, deadlineMs);
            execution = Park(command, deadlineMs);
            return true;
        }
    }

    /// <summary>Puts the state in place that was read, and decides what has waited for it, in order.</summary>
    public void Start(LoadedAccount loaded, long nowMs)
    {
        Queue<ParkedCommand>? waiting;
        lock (this)
        {
            _state = loaded.State;
            _tail = loaded.Tail;
            _isHeadTaken = loaded.IsHeadCurrent;
            // What was executed before now has no mark in the filter.
            _coveredSinceMs = _state.Seq == 0 ? long.MinValue : _state.LastAtMs;
            _phase = ActivationPhase.Ready;
            (waiting, _parked) = (_parked, null);
            while (waiting is { Count: > 0 } && _phase == ActivationPhase.Ready) DecideParked(waiting.Dequeue(), nowMs);
            ListForHead();
            WakeWhenDue();
        }
        _loaded?.Tell(_context.Options.Work);
        ParkedCommand.FailAll(waiting, _context.LostWhileWaiting);
    }

    /// <summary>The state could not be read.</summary>
    public void FailStart(Exception exception)
    {
        Queue<ParkedCommand>? waiting;
        lock (this) waiting = Drop();
        _loaded?.Tell(_context.Options.Work, exception);
        ParkedCommand.FailAll(waiting, exception);
    }

    /// <summary>Ends what is due by time. A wake-up that was asked for by an activation before this one, or that another has replaced, does nothing.</summary>
    public void Wake(long askedForMs, long nowMs)
    {
        lock (this)
        {
            if (askedForMs != _wakeMs) return;
            _wakeMs = long.MaxValue;
            if (_phase != ActivationPhase.Ready) return;
            if (_state.Reservations.NextExpiryMs > nowMs) WakeWhenDue();
            else if (!_context.Journal.CanAccept)
            {
                // Not at once: whoever wakes accounts would come back to this one for ever.
                _wakeMs = nowMs + DueAgainMs;
                _context.Expiries.Add(Account, _wakeMs);
            }
            else
            {
                // It stays for a while, so that whoever watches sees the change.
                (_lastUsedMs, _isTrimmed) = (nowMs, false);
                TryDecide(new Command { Kind = CommandKind.Expire }, nowMs, null, out _);
                WakeWhenDue();
            }
        }
    }

    /// <summary>Sees to it that it is woken when it must be, however far off that is: what is near has been seen to when it was appended.</summary>
    public void PlanWake()
    {
        lock (this) WakeWhenDue();
    }

    /// <summary>
    /// Reads the state under the gate, with the ticket that must be durable before it is shown. Reading is no use: it keeps no account in
    /// memory that nothing happens to.
    /// </summary>
    public bool TryRead<T>(Func<AccountState, long, T> reader, long nowMs, out T? reading, out AppendTicket ticket)
    {
        lock (this)
        {
            reading = default;
            ticket = _tail.Ticket;
            if (!IsUsable()) return false;
            reading = reader(_state, nowMs);
            return true;
        }
    }

    /// <summary>Reads where the account's entries end; false if they are not known here.</summary>
    public bool TryReadTail(out AccountTail tail)
    {
        lock (this)
        {
            tail = _tail;
            return IsUsable();
        }
    }

    /// <summary>
    /// The head and snapshot of the account as decided, and what must be durable before they may be written; null if there
    /// is nothing new.
    /// </summary>
    public (AccountHead Head, AppendTicket Ticket)? TakeHead()
    {
        lock (this)
        {
            _isListedForHead = false;
            WakeWhenDue();
            if (_phase != ActivationPhase.Ready || _isHeadTaken || _context.Journal.IsLost(ref _tail)) return null;
            _isHeadTaken = true;
            return (AccountHead.Of(_tail, _state), _tail.Ticket);
        }
    }

    /// <summary>The head that was taken could not be written: another one is due.</summary>
    public void MissHead()
    {
        lock (this)
        {
            _isHeadTaken = false;
            if (_phase == ActivationPhase.Ready) ListForHead();
        }
    }

    /// <summary>Leaves memory if nobody has used it since, nothing waits and its head has been taken; one that is quiet for less long gives a part back.</summary>
    public bool TryEvict(long nowMs, out bool gaveBack)
    {
        lock (this)
        {
            gaveBack = false;
            // One that stands on lost entries leaves at once: it can write no head, and what is durable of them waits for one.
            if (!IsUsable()) return _phase == ActivationPhase.Gone;
            // One that was brought into memory because something is due ends that first.
            if (_state.Reservations.NextExpiryMs <= nowMs) return false;
            gaveBack = !_isTrimmed && _lastUsedMs <= nowMs - _context.Options.QuietMs;
            if (gaveBack) _state.Trim();
            _isTrimmed |= gaveBack;
            if (_lastUsedMs > nowMs - _context.Options.IdleMs || _isListedForHead || _parked is { Count: > 0 }) return false;
            if (!_isHeadTaken || !_context.Journal.IsDurable(_tail.Ticket)) return false;
            (_phase, _state) = (ActivationPhase.Gone, Nothing);
            return true;
        }
    }

    /// <summary>
    /// Leaves memory at once, for another node: from here on nothing is decided. False, and nothing has happened, while the account is being loaded, or
    /// commands wait, or its entries were lost.
    /// </summary>
    /// <param name="ticket">What must be durable before the account is anybody else's.</param>
    public bool TryLeave(out AppendTicket ticket)
    {
        lock (this)
        {
            ticket = default;
            if (_phase != ActivationPhase.Ready || _parked is { Count: > 0 } || _context.Journal.IsLost(ref _tail)) return false;
            ticket = _tail.Ticket;
            (_phase, _state) = (ActivationPhase.Gone, Nothing);
            return true;
        }
    }

    /// <summary>
    /// The commands whose history is looked for next, with where to walk back from; null when none wait. Those that need none any more, after
    /// the walk for others before them, are decided, and those that nobody waits for are dropped.
    /// </summary>
    public HistoryWalk? NextWalk(long nowMs, out AccountTail tail)
    {
        lock (this)
        {
            while (_parked is { Count: > 0 } && _phase == ActivationPhase.Ready && NeedsNoWalk(_parked.Peek(), nowMs))
                DecideParked(_parked.Dequeue(), nowMs);
            tail = _tail;
            if (_parked is { Count: > 0 } && _phase == ActivationPhase.Ready)
                return HistoryWalk.ForFirstOf(_parked, _context.LedgerOptions.FutureToleranceMs);
            (_parked, _isLookingUp) = (null, false);
            return null;
        }
    }

    /// <summary>Decides the walk's commands with what it found; the operations that it passed are in the filter now.</summary>
    public void DecideWithHistory(HistoryWalk walk, long nowMs)
    {
        lock (this)
        {
            if (_phase == ActivationPhase.Ready) _coveredSinceMs = Math.Min(_coveredSinceMs, walk.SinceMs);
            foreach (var parked in walk.Commands)
            {
                // Where the account was dropped meanwhile, all that waited were told.
                if (_phase != ActivationPhase.Ready) return;
                _parked!.Dequeue();
                // It waits again if what was found is older than what time has done since.
                DecideParked(parked, nowMs, walk.FindingsFor(parked.Command));
            }
        }
    }

    /// <summary>History could not be read: what waits for it fails, the account goes on.</summary>
    public void FailParked(Exception exception)
    {
        Queue<ParkedCommand>? waiting;
        lock (this) (waiting, _parked, _isLookingUp) = (_parked, null, false);
        ParkedCommand.FailAll(waiting, exception);
    }

    private bool TryDecide(in Command command, long nowMs, History? history, out Execution execution, long deadlineMs = long.MaxValue)
    {
        execution = default;
        if (_context.Journal.IsLost(ref _tail))
        {
            ParkedCommand.FailAll(Drop(), _context.LostWhileWaiting);
            return false;
        }
        if (_context.Journal.Readiness is not JournalReadiness.Ready and var readiness)
        {
            var refusal = readiness == JournalReadiness.Busy ? Refusal.Busy : Refusal.Unavailable;
            execution = new Execution(Outcome.Refuse(refusal, _state.Seq), _tail.Ticket);
            return true;
        }
        var entries = _buffer ??= new EntryBuffer();
        try
        {
            var outcome = _context.Rules.Decide(_state, command, nowMs, history, entries);
            if (entries.Count > 0) Append(entries);
            execution = outcome.Refusal == Refusal.NeedsHistory ? Park(command, deadlineMs) : new Execution(outcome, _tail.Ticket);
            return true;
        }
        catch (Exception exception)
        {
            // Whatever it was, the state in memory may be ahead of what will ever be durable: nothing of it may be used again.
            ParkedCommand.FailAll(Drop(), exception);
            if (exception is JournalLostException) return false;
            if (exception is not JournalUnavailableException) _context.ReportBroken(Account, exception);
            throw;
        }
    }

    private void Append(EntryBuffer entries)
    {
        _context.Journal.Append(ref _tail, entries.Entries);
        _isHeadTaken = false;
        foreach (ref readonly var entry in entries.Entries)
        {
            if (!entry.OperationId.IsNone) _context.Filter.Add(Account, entry.OperationId, entry.AtMs);
        }
        _context.Options.Observer?.Appended(Account, entries.Entries, _tail.Ticket);
        ListForHead();
        // Most reservations end long before their time: one that has much of it is waited for if it is still open when the head is due.
        if (_state.Reservations.NextExpiryMs - _state.LastAtMs <= _context.Options.FarOffMs) WakeWhenDue();
    }

    private History? KnownAbout(in Command command) =>
        _context.KnownAbout(Account, command.OperationId, _state.Operations.ForgottenAtMs, _coveredSinceMs);

    private bool NeedsNoWalk(ParkedCommand parked, long nowMs) =>
        parked.DeadlineMs <= nowMs || (KnownAbout(parked.Command) is not null && (parked.Command.ReservationId.IsNone || IsOpen(parked.Command.ReservationId)));

    private bool IsOpen(OperationId reservation) => !Unsafe.IsNullRef(in _state.Reservations.Find(reservation));

    private Execution Park(in Command command, long deadlineMs)
    {
        var parked = _parked ??= new Queue<ParkedCommand>();
        if (parked.Count >= _context.Options.MaxParkedPerAccount)
            return new Execution(Outcome.Refuse(Refusal.Busy, _state.Seq), _tail.Ticket);
        var one = new ParkedCommand(command, deadlineMs, _context.Options.Work);
        parked.Enqueue(one);
        if (!_isLookingUp && _phase == ActivationPhase.Ready)
        {
            _isLookingUp = true;
            _context.LookUpHistory(this);
        }
        return new Execution(one.Task);
    }

    private void DecideParked(ParkedCommand parked, long nowMs, History? history = null)
    {
        try
        {
            if (parked.TryDrop(nowMs)) return;
            if (!TryDecide(parked.Command, nowMs, history ?? KnownAbout(parked.Command), out var execution, parked.DeadlineMs)) parked.Fail(_context.LostWhileWaiting);
            else parked.Complete(execution);
        }
#pragma warning disable CA1031 // Whatever it was, the activation is gone with it, and the caller is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            parked.Fail(exception);
        }
    }

    private Queue<ParkedCommand>? Drop()
    {
        var waiting = _parked;
        (_phase, _state, _parked) = (ActivationPhase.Gone, Nothing, null);
        return waiting;
    }

    /// <summary>True if it may be read; one that stands on lost entries leaves here, so that the next look finds another.</summary>
    private bool IsUsable()
    {
        if (_phase != ActivationPhase.Ready) return false;
        if (!_context.Journal.IsLost(ref _tail)) return true;
        ParkedCommand.FailAll(Drop(), _context.LostWhileWaiting);
        return false;
    }

    private void ListForHead()
    {
        if (_isListedForHead || _isHeadTaken) return;
        _isListedForHead = true;
        _context.Changed.Enqueue(this);
    }

    private void WakeWhenDue()
    {
        var next = _state.Reservations.NextExpiryMs;
        if (next >= _wakeMs) return;
        _wakeMs = next;
        _context.Expiries.Add(Account, next);
    }
}
