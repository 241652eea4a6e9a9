namespace Enforcer.Edge.Spending;

/// <summary>What is held for a call.</summary>
/// <param name="Intent">The reservation.</param>
/// <param name="Nanos">What is held, in nanos.</param>
/// <param name="OutputTokens">The output that it allows altogether.</param>
internal sealed record Held(Intent Intent, long Nanos, long OutputTokens)
{
    /// <summary>The reservation.</summary>
    public Guid ReservationId => Intent.ReservationId;
}
