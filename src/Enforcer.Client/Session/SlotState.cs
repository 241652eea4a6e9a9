namespace Enforcer.Client;

/// <summary>Where a command is between its acceptance and its answer.</summary>
internal enum SlotState : byte
{
    /// <summary>No command.</summary>
    Free,

    /// <summary>In the queue for the wire.</summary>
    Queued,

    /// <summary>Being written into a batch; its fields must not change.</summary>
    Writing,

    /// <summary>On the wire, its answer outstanding.</summary>
    Sent,

    /// <summary>Answered with BUSY or UNAVAILABLE; goes back into the queue at its time.</summary>
    Resting,

    /// <summary>Given up while in the queue; freed when its turn comes.</summary>
    Dropped,
}
