namespace Enforcer.Ledger;

/// <summary>
/// Why a command had no effect; numbers are those of the wire. Rules check in the fixed order of
/// <see cref="Rules.ReserveRule"/>, so that the same state always gives the same name.
/// </summary>
public enum Refusal : byte
{
    /// <summary>No refusal: the command took effect.</summary>
    Granted = 0,

    /// <summary>A spend cap has less headroom than asked for, and what is in flight would not change that.</summary>
    ExceedsSpendCap = 1,

    /// <summary>A spend cap has less headroom than asked for, but would have enough if all open reservations returned.</summary>
    ExceedsSpendCapInFlight = 2,

    /// <summary>The bucket of requests is empty.</summary>
    RequestRate = 3,

    /// <summary>The bucket of tokens holds less than asked for.</summary>
    TokenRate = 4,

    /// <summary>As many reservations are open as may be.</summary>
    Concurrency = 5,

    /// <summary>An operator has suspended the account.</summary>
    Suspended = 6,

    /// <summary>The account is closed for good.</summary>
    Closed = 7,

    /// <summary>A commit has exceeded a cap; nothing new is granted until there is headroom again.</summary>
    Overrun = 8,

    /// <summary>There is no such account, or the key is wrong.</summary>
    UnknownAccount = 9,

    /// <summary>No such reservation within the time for which operations are remembered.</summary>
    UnknownReservation = 10,

    /// <summary>The reservation has ended by commit or release.</summary>
    ReservationFinished = 11,

    /// <summary>The operation id was used with another body.</summary>
    OperationConflict = 12,

    /// <summary>The operation id is older than operations are remembered.</summary>
    ExpiredOperation = 13,

    /// <summary>The operation id's time lies too far ahead.</summary>
    FutureOperation = 14,

    /// <summary>The bound of open reservations per account.</summary>
    TooManyReservations = 15,

    /// <summary>A queue is full; the command was not looked at.</summary>
    Busy = 16,

    /// <summary>The journal cannot be reached; whether the command took effect is known on retry.</summary>
    Unavailable = 17,

    /// <summary>The command is malformed.</summary>
    Invalid = 18,

    /// <summary>A reversal asks for more than is committed.</summary>
    ExceedsCommitted = 19,

    /// <summary>An operator's change does not fit the account.</summary>
    InvalidChange = 20,

    /// <summary>The model, or a meter that the call may use or has used, has no price.</summary>
    Unpriced = 21,

    /// <summary>The call would be sold below the margin that the account's price plans ask for.</summary>
    BelowMarginFloor = 22,

    /// <summary>
    /// Never told to callers: the offer that the reservation is pinned to (<see cref="Prices.IOfferSource"/>) is not at hand; fetch it and
    /// decide again.
    /// </summary>
    NeedsOffer = 254,

    /// <summary>
    /// Never told to callers: the rules need the account's history (<see cref="Rules.History"/>) to decide; look it up and decide again.
    /// </summary>
    NeedsHistory = 255,
}
