using System.Diagnostics.CodeAnalysis;

namespace Enforcer.Client;

/// <summary>The answer to Extend, Commit or Release.</summary>
public readonly struct ReservationAnswer
{
    internal ReservationAnswer(in SessionOutcome outcome)
    {
        Refusal = outcome.ToRefusal();
        HeldNanos = outcome.HeldNanos;
        HeldTokens = outcome.HeldTokens;
        ChargedNanos = outcome.ChargedNanos;
        OverrunNanos = outcome.OverrunNanos;
        OutputTokens = outcome.OutputTokens;
        CostNanos = outcome.CostNanos;
        HeadroomNanos = outcome.HeadroomNanos;
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(outcome.ExpiresAtMs);
    }

    /// <summary>Whether the command took effect.</summary>
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsGranted => Refusal is null;

    /// <summary>Why it did not; null if it did.</summary>
    public SpendRefusal? Refusal { get; }

    /// <summary>Held by the reservation after the command, in nanos.</summary>
    public long HeldNanos { get; }

    /// <summary>Tokens held by the reservation after the command.</summary>
    public long HeldTokens { get; }

    /// <summary>Booked as committed by the command, in nanos; negative where a late commit gives back.</summary>
    public long ChargedNanos { get; }

    /// <summary>The part of the charge that no headroom covered, in nanos.</summary>
    public long OverrunNanos { get; }

    /// <summary>Extend with an estimate: the output tokens that the call may use altogether.</summary>
    public long OutputTokens { get; }

    /// <summary>Commit with usage: booked as cost, which the upstream charges; the price is <see cref="ChargedNanos"/>.</summary>
    public long CostNanos { get; }

    /// <summary>The least headroom over the spend caps that apply, in nanos; null where none does.</summary>
    public long? HeadroomNanos { get; }

    /// <summary>When the reservation expires.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Throws if the command was refused.</summary>
    /// <exception cref="SpendRefusedException">The command was refused.</exception>
    public ReservationAnswer EnsureGranted() => IsGranted ? this : throw new SpendRefusedException(Refusal);
}
