using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>The answer to one command of a session, as plain data.</summary>
public readonly record struct SessionOutcome
{
    /// <summary>Why the command was refused; <see cref="Refusal.Granted"/> if it was not.</summary>
    public Refusal Refusal { get; init; }

    /// <summary>Held by the reservation after the command, in nanos.</summary>
    public long HeldNanos { get; init; }

    /// <summary>Tokens held by the reservation after the command.</summary>
    public long HeldTokens { get; init; }

    /// <summary>Booked as committed by the command, in nanos; negative where a late commit gives back.</summary>
    public long ChargedNanos { get; init; }

    /// <summary>The part of the charge that no headroom covered, in nanos.</summary>
    public long OverrunNanos { get; init; }

    /// <summary>The least headroom over the spend caps that apply, in nanos; null where none does.</summary>
    public long? HeadroomNanos { get; init; }

    /// <summary>When the reservation expires, in milliseconds since 1970.</summary>
    public long ExpiresAtMs { get; init; }

    /// <summary>The sequence number of the account's entry that the answer stands on.</summary>
    public long Seq { get; init; }

    /// <summary>Reserve and Extend with an estimate: the output tokens that the call may use altogether.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Commit with usage: booked as cost, which the upstream charges; the price is <see cref="ChargedNanos"/>.</summary>
    public long CostNanos { get; init; }

    /// <summary>Particulars of a refusal; null where there are none.</summary>
    public RefusalDetail? Detail { get; init; }

    internal SpendRefusal? ToRefusal() => Refusal == Refusal.Granted ? null : new(Refusal, Detail);
}
