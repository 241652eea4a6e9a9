namespace Enforcer.LoadTests.Audit;

/// <summary>Where a reservation is in its life.</summary>
internal enum ReservationStage : byte
{
    Open,
    Settled,
    Released,
    Expired,
}
