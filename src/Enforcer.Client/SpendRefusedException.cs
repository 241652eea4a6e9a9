namespace Enforcer.Client;

/// <summary>Thrown by <see cref="Reservation.EnsureGranted"/> and <see cref="ReservationAnswer.EnsureGranted"/>, and nowhere else.</summary>
public sealed class SpendRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="refusal">What the server answered.</param>
    public SpendRefusedException(SpendRefusal refusal)
        : base(refusal?.ToString()) => Refusal = refusal ?? throw new ArgumentNullException(nameof(refusal));

    /// <summary>What the server answered.</summary>
    public SpendRefusal Refusal { get; }
}
