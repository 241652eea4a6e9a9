namespace Enforcer.LoadTests.Edges;

/// <summary>A command as an edge sends it, and sends it again under the same id until it is answered.</summary>
internal readonly record struct EdgeCommand(
    EdgeVerb Verb, UInt128 OperationId, UInt128 ReservationId, int Account, long AmountNanos, long AtLeastNanos, long TtlMs);
