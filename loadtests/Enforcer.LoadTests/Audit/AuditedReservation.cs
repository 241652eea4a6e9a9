namespace Enforcer.LoadTests.Audit;

/// <summary>A reservation as the audit follows it: what it holds now and how it stands.</summary>
internal readonly record struct AuditedReservation(long HeldNanos, long ChargedNanos, ReservationStage Stage)
{
    /// <summary>When it ends by time, if nothing else ends it: Unix ms.</summary>
    public long ExpiresAtMs { get; init; }

    /// <summary>What its expiry charged: that stands until the real cost is known for good.</summary>
    public long ExpiryNanos { get; init; }

    /// <summary>What late commits have reported.</summary>
    public long LateNanos { get; init; }
}
