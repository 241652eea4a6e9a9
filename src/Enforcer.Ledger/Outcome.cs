using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger;

/// <summary>
/// The answer to a command. A granted one is a function of the entry it made (<see cref="From"/>), so that a repeated
/// operation gets the same answer from memory, from history and on another node. A refusal consumed nothing.
/// </summary>
public readonly record struct Outcome
{
    /// <summary>The headroom of an account without an applicable spend cap.</summary>
    public const long NoCap = long.MaxValue;

    /// <summary>Granted, or why not.</summary>
    public Refusal Refusal { get; init; }

    /// <summary>Reserve, Extend, Commit: what the reservation holds now, in nanos.</summary>
    public long HeldNanos { get; init; }

    /// <summary>Reserve, Extend: the tokens that the reservation holds now.</summary>
    public long HeldTokens { get; init; }

    /// <summary>Commit: booked by this command, in nanos; negative where a late commit gives back. Reverse: given back, negative.</summary>
    public long ChargedNanos { get; init; }

    /// <summary>Commit: the part of the charge that no headroom covered.</summary>
    public long OverrunNanos { get; init; }

    /// <summary>Commit of a call that was reserved with an estimate: booked by this command as cost, in nanos.</summary>
    public long CostNanos { get; init; }

    /// <summary>Reserve, Extend with an estimate: the output tokens that the call may use altogether.</summary>
    public long OutputTokens { get; init; }

    /// <summary>The least headroom over the spend caps that applied, or <see cref="NoCap"/>.</summary>
    public long HeadroomNanos { get; init; }

    /// <summary>Reserve, Extend: when the reservation ends by time, Unix ms.</summary>
    public long ExpiresAtMs { get; init; }

    /// <summary>The account's sequence number that the answer stands on.</summary>
    public long Seq { get; init; }

    /// <summary>Refused: the limit, in words; null where none is to blame.</summary>
    public string? Limit { get; init; }

    /// <summary>Unpriced: names that have a price and are near; else null.</summary>
    public IReadOnlyList<string>? Near { get; init; }

    /// <summary>Refused: how much is missing, in the limit's unit.</summary>
    public long ShortBy { get; init; }

    /// <summary>Refused: how much of <see cref="ShortBy"/> open reservations hold.</summary>
    public long InFlight { get; init; }

    /// <summary>Refused: ms until trying again may help; 0 if time does not help.</summary>
    public long RetryAfterMs { get; init; }

    /// <summary>True if the command took effect (now or, for a repeated one, before).</summary>
    public bool IsGranted => Refusal == Refusal.Granted;

    /// <summary>The answer that an entry stands for.</summary>
    public static Outcome From(in Entry entry) => entry.Kind switch
    {
        EntryKind.Reserved or EntryKind.Extended => new Outcome
        {
            HeldNanos = entry.HeldAfterNanos,
            HeldTokens = entry.TokensAfter,
            OutputTokens = entry.Priced?.Bound?.MostOutputTokens ?? 0,
            ExpiresAtMs = entry.ExpiresAtMs,
            HeadroomNanos = entry.HeadroomNanos,
            Seq = entry.Seq,
        },
        _ => new Outcome
        {
            HeldNanos = entry.HeldAfterNanos,
            ChargedNanos = entry.CommittedDeltaNanos,
            OverrunNanos = entry.OverrunNanos,
            CostNanos = entry.Priced?.CostNanos ?? 0,
            HeadroomNanos = entry.HeadroomNanos,
            Seq = entry.Seq,
        },
    };

    /// <summary>A refusal on which no limit has a say.</summary>
    public static Outcome Refuse(Refusal refusal, long seq) => new() { Refusal = refusal, Seq = seq, HeadroomNanos = NoCap };
}
