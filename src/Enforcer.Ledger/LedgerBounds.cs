namespace Enforcer.Ledger;

/// <summary>Every bound of the rules, in one place. A command outside them is malformed; a state outside them is a bug.</summary>
public static class LedgerBounds
{
    /// <summary>The most nanos in one command: 2^53, the largest whole number that every JSON reader keeps exact.</summary>
    public const long MaxAmountNanos = 1L << 53;

    /// <summary>The highest cap, reached by top-ups: 2^60 nanos, about 1.15 billion units.</summary>
    public const long MaxCapNanos = 1L << 60;

    /// <summary>The most that an account may have committed and held together before it grants nothing more: 2^62 nanos.</summary>
    public const long MaxTotalNanos = 1L << 62;

    /// <summary>
    /// The most that an account may have booked and held together, ever: a real cost beyond it is refused, because it could
    /// not be counted. Grants end at half of it, so that every hold that was granted can be settled.
    /// </summary>
    public const long MaxBookedNanos = long.MaxValue - MaxAmountNanos;

    /// <summary>The most tokens in one command.</summary>
    public const long MaxTokens = 1L << 40;

    /// <summary>The longest a reservation may be asked to live: a day, in milliseconds.</summary>
    public const long MaxTtlMs = 86_400_000;

    /// <summary>
    /// The most reservations that one decision ends because their time has come; the next ones end the rest. It bounds a decision's record
    /// and time, however many were made at the same moment.
    /// </summary>
    public const int MaxExpiriesPerDecision = 128;

    /// <summary>The most spend limits on one account.</summary>
    public const int MaxSpendLimits = 32;

    /// <summary>The fastest rate per minute, and the largest burst, of requests or tokens.</summary>
    public const long MaxRate = 1L << 40;

    /// <summary>UTF-8 bytes of a model name.</summary>
    public const int MaxModelBytes = 128;

    /// <summary>UTF-8 bytes of a provider's id of a request.</summary>
    public const int MaxRequestIdBytes = 128;

    /// <summary>UTF-8 bytes of a tag.</summary>
    public const int MaxTagBytes = 64;

    /// <summary>UTF-8 bytes of an account's unit.</summary>
    public const int MaxUnitBytes = 32;

    /// <summary>UTF-8 bytes of an operator's reason.</summary>
    public const int MaxReasonBytes = 512;

    /// <summary>UTF-8 bytes of an actor.</summary>
    public const int MaxActorBytes = 128;
}
