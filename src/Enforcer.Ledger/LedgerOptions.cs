namespace Enforcer.Ledger;

/// <summary>What a server may choose about the rules. The same for all its accounts; no entry depends on it after the fact.</summary>
public sealed record LedgerOptions
{
    /// <summary>The defaults.</summary>
    public static LedgerOptions Default { get; } = new();

    /// <summary>How long an operation id is remembered, in ms: at least 24 h. Older ids are refused, never executed again.</summary>
    public long RetentionMs { get; init; } = 86_400_000;

    /// <summary>How far an operation id's time may lie ahead of the account's time, in ms, for callers whose clocks are fast.</summary>
    public long FutureToleranceMs { get; init; } = 5_000;

    /// <summary>The time to live of a reservation that does not ask for one, in ms.</summary>
    public long DefaultTtlMs { get; init; } = 300_000;

    /// <summary>The most open reservations on one account.</summary>
    public int MaxOpenReservations { get; init; } = 100_000;

    /// <summary>
    /// The longest time from a reservation's id to its end, in ms, however often it is extended: a late commit looks for the
    /// reservation this far, and <see cref="RetentionMs"/> further, back. An id may be as old as the retention when its Reserve
    /// is made, and lives for a week from then.
    /// </summary>
    public long LongestLifeMs => RetentionMs + (7 * LedgerBounds.MaxTtlMs);

    /// <summary>
    /// How many recent operations an account keeps in its state: 1 or more. Older ones are found in its history. The only option that
    /// folding entries depends on: a server leaves it as it is, so that anybody can make the same state of the same journal.
    /// </summary>
    public int RememberedOperations { get; init; } = 4;
}
