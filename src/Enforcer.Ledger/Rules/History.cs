using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// What an account's history says about one command, looked up outside when the state alone cannot decide
/// (<see cref="Refusal.NeedsHistory"/>).
/// </summary>
public sealed class History
{
    /// <summary>Makes the findings of a look-up.</summary>
    /// <param name="operation">The entry that the operation id has made, or null if it has made none.</param>
    /// <param name="reservation">What became of the reservation, or null if it was not looked up.</param>
    public History(Entry? operation, ReservationHistory? reservation)
    {
        Operation = operation;
        Reservation = reservation;
    }

    /// <summary>It is certain that the operation id is new; the reservation was not looked up.</summary>
    public static History NewOperation { get; } = new(null, null);

    /// <summary>The entry that the operation id has made, or null.</summary>
    public Entry? Operation { get; }

    /// <summary>What became of the reservation; null if it was not looked up.</summary>
    public ReservationHistory? Reservation { get; }
}
