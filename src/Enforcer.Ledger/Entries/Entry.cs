using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;

namespace Enforcer.Ledger.Entries;

/// <summary>
/// One immutable fact about one account. Its effect on the sums stands in it (<see cref="HeldDeltaNanos"/>,
/// <see cref="CommittedDeltaNanos"/>, <see cref="TokensDelta"/>, <see cref="RequestsDelta"/>), so that anybody can add an
/// account up without knowing the rules, and the fold computes nothing that a later version could compute otherwise.
/// </summary>
public readonly record struct Entry
{
    /// <summary>What happened.</summary>
    public EntryKind Kind { get; init; }

    /// <summary>1 for the account's first entry, then without a gap.</summary>
    public long Seq { get; init; }

    /// <summary>The account's time, Unix ms: never less than that of the entry before.</summary>
    public long AtMs { get; init; }

    /// <summary>The operation that caused it; none for Expired and WindowOpened.</summary>
    public OperationId OperationId { get; init; }

    /// <summary>The hash of the operation's body (<see cref="Commands.Command.BodyHash"/>).</summary>
    public uint BodyHash { get; init; }

    /// <summary>The reservation concerned.</summary>
    public OperationId ReservationId { get; init; }

    /// <summary>What it added to held, in nanos.</summary>
    public long HeldDeltaNanos { get; init; }

    /// <summary>What it added to committed, in nanos.</summary>
    public long CommittedDeltaNanos { get; init; }

    /// <summary>The part of the charge that no headroom covered.</summary>
    public long OverrunNanos { get; init; }

    /// <summary>Committed, CommittedLate: tokens reported by this commit. Expired: tokens that the reservation held.</summary>
    public long Tokens { get; init; }

    /// <summary>What it took from the bucket of tokens; negative gives back.</summary>
    public long TokensDelta { get; init; }

    /// <summary>What it took from the bucket of requests: 1, 0 or -1.</summary>
    public int RequestsDelta { get; init; }

    /// <summary>What the reservation holds after it, in nanos.</summary>
    public long HeldAfterNanos { get; init; }

    /// <summary>The tokens that the reservation holds after it.</summary>
    public long TokensAfter { get; init; }

    /// <summary>Reserved, Extended: when the reservation ends by time. WindowOpened: when the window ends. Unix ms.</summary>
    public long ExpiresAtMs { get; init; }

    /// <summary>Committed, CommittedLate: the last commit of the reservation.</summary>
    public bool Final { get; init; }

    /// <summary>Reserved, CommittedLate, Reversed: which slots of spend limits count the reservation, a bit each.</summary>
    public uint LimitMask { get; init; }

    /// <summary>CommittedLate, Reversed: the seq of the reservation's Reserved entry, which tells its windows.</summary>
    public long ReservedSeq { get; init; }

    /// <summary>The headroom told in the answer, or <see cref="Outcome.NoCap"/>.</summary>
    public long HeadroomNanos { get; init; }

    /// <summary>ToppedUp: nanos added to the cap. CommittedLate: the real cost reported, of which the delta is what it changed.</summary>
    public long AmountNanos { get; init; }

    /// <summary>WindowOpened: the slot of the spend limit.</summary>
    public int Slot { get; init; }

    /// <summary>WindowOpened: when the window began, Unix ms.</summary>
    public long WindowStartMs { get; init; }

    /// <summary>Reserved: the model asked for, or null.</summary>
    public string? Model { get; init; }

    /// <summary>Reserved: the tag, or null.</summary>
    public string? Tag { get; init; }

    /// <summary>Opened: the account's unit.</summary>
    public string? Unit { get; init; }

    /// <summary>LimitsSet: the limits.</summary>
    public LimitSet? Limits { get; init; }

    /// <summary>What concerns the price of a call that was reserved with an estimate; null for all others.</summary>
    public PricedCall? Priced { get; init; }

    /// <summary>Who asked, for operators' changes.</summary>
    public string? Actor { get; init; }

    /// <summary>Why, for operators' changes.</summary>
    public string? Reason { get; init; }
}
