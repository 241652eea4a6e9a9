namespace Enforcer.Ledger.Entries;

/// <summary>What happened; numbers are those of the journal and of the wire.</summary>
public enum EntryKind : byte
{
    /// <summary>No entry.</summary>
    None = 0,

    /// <summary>The account was made.</summary>
    Opened = 1,

    /// <summary>A reservation was made.</summary>
    Reserved = 2,

    /// <summary>A reservation was raised.</summary>
    Extended = 3,

    /// <summary>A reservation was settled, in part or for good.</summary>
    Committed = 4,

    /// <summary>A reservation ended unused.</summary>
    Released = 5,

    /// <summary>A reservation ended by time.</summary>
    Expired = 6,

    /// <summary>A commit came after its reservation had expired.</summary>
    CommittedLate = 7,

    /// <summary>A finished commit was given back in whole or in part.</summary>
    Reversed = 8,

    /// <summary>The limits were replaced.</summary>
    LimitsSet = 9,

    /// <summary>The life-long cap was raised.</summary>
    ToppedUp = 10,

    /// <summary>The account was suspended.</summary>
    Suspended = 11,

    /// <summary>The suspension ended.</summary>
    Resumed = 12,

    /// <summary>The account was closed.</summary>
    Closed = 13,

    /// <summary>A calendar window of a spend limit began.</summary>
    WindowOpened = 14,
}
