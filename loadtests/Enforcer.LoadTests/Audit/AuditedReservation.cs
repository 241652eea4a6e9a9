namespace Enforcer.LoadTests.Audit;

/// <summary>A reservation as the audit follows it: what it holds now and how it stands.</summary>
internal readonly record struct AuditedReservation(long HeldNanos, long ChargedNanos, ReservationStage Stage);
