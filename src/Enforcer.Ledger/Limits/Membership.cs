namespace Enforcer.Ledger.Limits;

/// <summary>Which window of a spend limit counts a reservation.</summary>
internal enum Membership : byte
{
    /// <summary>The limit is newer than the reservation: none.</summary>
    None,

    /// <summary>The current window.</summary>
    Current,

    /// <summary>The window before.</summary>
    Previous,

    /// <summary>A window further back, whose count is no longer kept.</summary>
    Gone,
}
