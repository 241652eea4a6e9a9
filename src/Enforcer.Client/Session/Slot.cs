namespace Enforcer.Client;

/// <summary>One command that was accepted and not yet answered. Guarded by the gate of its <see cref="CommandTable"/>.</summary>
internal struct Slot
{
    public SessionCommand Command;

    /// <summary>Who waits; null where nobody does any more and the command goes on by itself.</summary>
    public IOutcomeHandler? Handler;

    /// <summary>The number on the wire: the order of acceptance, above the slot's index.</summary>
    public ulong Number;

    /// <summary>Timestamps of the clock.</summary>
    public long Start;
    public long Deadline;
    public long RestUntil;

    public int Attempts;
    public SlotState State;

    /// <summary>It has been given to a connection, so it may have taken effect.</summary>
    public bool WasSent;

    /// <summary>One of those connections is over, and the server may have read from it.</summary>
    public bool WasLost;

    /// <summary>A Reserve that nobody waits for any more is followed by a Release, so that it holds nothing for nobody.</summary>
    public bool ReleaseIfLeft;

    /// <summary>Whether a Release must follow when nobody waits any more.</summary>
    public readonly bool MustRelease => ReleaseIfLeft && Command.Kind == SessionCommandKind.Reserve;

    /// <summary>Makes of a Reserve the Release of what it may have reserved.</summary>
    public void BecomeRelease(Guid operationId, ulong number, long deadline)
    {
        Command = new SessionCommand
        {
            Kind = SessionCommandKind.Release,
            OperationId = operationId,
            Account = Command.Account,
            ReservationId = Command.OperationId,
        };
        Number = number;
        Deadline = deadline;
        Attempts = 0;
        WasSent = false;
        WasLost = false;
    }
}
