namespace Enforcer.Edge.Spending;

/// <summary>What is held for a call.</summary>
/// <param name="Intent">The reservation.</param>
/// <param name="Nanos">What is held, in nanos.</param>
/// <param name="OutputTokens">The output that it allows altogether.</param>
/// <param name="Rates">How the account's rates stand after it; null where it has none.</param>
internal sealed record Held(Intent Intent, long Nanos, long OutputTokens, RateStanding? Rates)
{
    /// <summary>The reservation.</summary>
    public Guid ReservationId => Intent.ReservationId;
}
