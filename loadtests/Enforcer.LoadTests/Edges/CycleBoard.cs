using System.Diagnostics;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Edges;

/// <summary>
/// The cycles that one edge has in flight on a session, each in a slot whose number goes over the wire: an answer leads to
/// its slot and from there to the next command. For one thread at a time.
/// </summary>
/// <param name="run">What is counted and noted.</param>
/// <param name="depth">How many cycles at once.</param>
/// <param name="resends">Whoever sends the commands may send them again without telling.</param>
internal sealed class CycleBoard(EdgeRun run, int depth, bool resends = false)
{
    private readonly SessionSlot[] _slots = [.. Enumerable.Range(0, depth).Select(number => new SessionSlot(number))];
    private readonly long _started = Stopwatch.GetTimestamp();
    private Cycle? _waiting;
    private int _busy;
    private bool _exhausted;

    public bool IsIdle => _busy == 0;

    /// <summary>Nothing is in flight and nothing will be started.</summary>
    public bool IsOver => _busy == 0 && _exhausted;

    /// <summary>Starts a cycle in every free slot, as far as there are cycles and they are due.</summary>
    public void StartDue(Func<bool> isOver, ICommandSink sink)
    {
        if (_exhausted || _busy == _slots.Length)
            return;
        _exhausted = isOver();
        foreach (var slot in _slots)
        {
            if (!slot.IsBusy && !TryStart(slot, sink))
                return;
        }
    }

    /// <summary>Sends every command in flight again, under its own id.</summary>
    public void ResendAll(ICommandSink sink)
    {
        foreach (var slot in _slots)
        {
            if (slot.IsBusy)
                SendAgain(slot, sink);
        }
    }

    /// <summary>Takes an answer; true if the server asked to be left alone for a moment.</summary>
    public bool Take(in EdgeAnswer answer, ICommandSink sink)
    {
        var slot = _slots[answer.Number];
        if (answer.IsRetry)
        {
            SendAgain(slot, sink);
            return true;
        }

        run.Note(slot.Command, answer, slot.NanosSinceSent, slot.WasResent);
        if (slot.Command.Verb == EdgeVerb.Reserve)
        {
            slot.Reserved = answer;
            if (answer.IsGranted && run.End(slot.Cycle, slot.Command, answer.HeldNanos) is { } end)
            {
                Send(slot, end, sink);
                return false;
            }
        }

        slot.IsBusy = false;
        _busy--;
        run.Source.Ended(slot.Cycle, slot.Reserved);
        return false;
    }

    /// <summary>Starts the next cycle in a slot; false if there is none, or none is due yet.</summary>
    private bool TryStart(SessionSlot slot, ICommandSink sink)
    {
        if (_exhausted)
            return false;
        if (_waiting is null && run.Source.TryNext(out var next))
            _waiting = next;
        if (_waiting is not { } cycle)
        {
            // Cycles that are in flight may yet bring new ones.
            _exhausted = _busy == 0;
            return false;
        }

        if (cycle.StartAfter > Stopwatch.GetElapsedTime(_started))
            return false;
        _waiting = null;
        slot.Cycle = cycle;
        slot.IsBusy = true;
        _busy++;
        Send(slot, run.Reserve(cycle), sink);
        return true;
    }

    private static void SendAgain(SessionSlot slot, ICommandSink sink)
    {
        slot.WasResent = true;
        sink.Add(slot.Number, slot.Command);
    }

    private void Send(SessionSlot slot, in EdgeCommand command, ICommandSink sink)
    {
        slot.WasResent = resends;
        slot.Command = command;
        slot.SentAt = Stopwatch.GetTimestamp();
        sink.Add(slot.Number, command);
    }
}
