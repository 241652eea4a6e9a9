namespace Enforcer.Edge.Spending;

/// <summary>What is held for a call.</summary>
/// <param name="ReservationId">The reservation.</param>
/// <param name="SettlementId">The operation id that the call will be settled under, whoever does it.</param>
/// <param name="Account">The account, by name: a key may be revoked while the call runs.</param>
/// <param name="Nanos">What is held, in nanos.</param>
/// <param name="OutputTokens">The output that it allows altogether.</param>
internal sealed record Held(Guid ReservationId, Guid SettlementId, string Account, long Nanos, long OutputTokens);
