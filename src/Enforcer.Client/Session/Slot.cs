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

    /// <summary>It has been on the wire, so it may have taken effect.</summary>
    public bool WasSent;

    /// <summary>A Reserve that nobody waits for any more is followed by a Release, so that it holds nothing for nobody.</summary>
    public bool ReleaseIfLeft;
}
