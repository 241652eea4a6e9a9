using Enforcer.Ledger;
using Enforcer.Ledger.Entries;

namespace Enforcer.Host;

/// <summary>A reservation as it is shown, open or ended; everything in it is durable.</summary>
public sealed record ReservationReading
{
    /// <summary>Its id.</summary>
    public required OperationId Id { get; init; }

    /// <summary>How it ended: Committed, Released or Expired; None while it is open.</summary>
    public required EntryKind End { get; init; }

    /// <summary>Nanos it holds.</summary>
    public required long HeldNanos { get; init; }

    /// <summary>Tokens it holds.</summary>
    public required long HeldTokens { get; init; }

    /// <summary>Nanos booked on it, reversals not counted.</summary>
    public required long CommittedNanos { get; init; }

    /// <summary>Nanos reversed.</summary>
    public required long ReversedNanos { get; init; }

    /// <summary>When it was made, Unix ms.</summary>
    public required long ReservedAtMs { get; init; }

    /// <summary>When it ends or was to end by time, Unix ms.</summary>
    public required long ExpiresAtMs { get; init; }

    /// <summary>The model it was made for.</summary>
    public string? Model { get; init; }

    /// <summary>Its tag.</summary>
    public string? Tag { get; init; }
}
