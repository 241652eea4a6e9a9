namespace Enforcer.Journal.Format;

/// <summary>
/// Which fields of an entry are written; the numbers are part of the format. Those of ordinary calls come first, so that the
/// flags take two or three bytes. A field whose flag is missing has its implied value.
/// </summary>
[Flags]
internal enum EntryFields : uint
{
    None = 0,

    /// <summary>The operation's id and the hash of its body.</summary>
    Operation = 1 << 0,

    /// <summary>The reservation's id is the operation's.</summary>
    ReservationIsOperation = 1 << 1,

    /// <summary>The reservation's id; implied: none.</summary>
    Reservation = 1 << 2,

    /// <summary>No cap applied; implied: a headroom is written.</summary>
    NoCap = 1 << 3,
    HeldDelta = 1 << 4,
    CommittedDelta = 1 << 5,
    Tokens = 1 << 6,
    TokensDelta = 1 << 7,
    ExpiresAt = 1 << 8,
    LimitMask = 1 << 9,
    Final = 1 << 10,

    /// <summary>Implied: for Reserved the delta of held, else 0.</summary>
    HeldAfter = 1 << 11,

    /// <summary>Implied: for Reserved the delta of tokens, else 0.</summary>
    TokensAfter = 1 << 12,

    /// <summary>Implied: for Reserved 1, else 0.</summary>
    RequestsDelta = 1 << 13,
    Model = 1 << 14,
    Tag = 1 << 15,
    Overrun = 1 << 16,
    ReservedSeq = 1 << 17,
    Amount = 1 << 18,
    Slot = 1 << 19,
    WindowStart = 1 << 20,
    Unit = 1 << 21,
    Limits = 1 << 22,
    Actor = 1 << 23,
    Reason = 1 << 24,

    /// <summary>A hash of the body without an operation: never made by the rules, but every entry can be written.</summary>
    BodyHashAlone = 1 << 25,

    /// <summary>What concerns the price of a call; since version 2 of the batch.</summary>
    Priced = 1 << 26,
    All = (1 << 27) - 1,
}
