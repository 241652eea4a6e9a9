using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger.Rules;

/// <summary>What is said of a reservation that is not open: its history tells whether it ever was, and how it ended.</summary>
internal static class EndedRule
{
    /// <summary>Granted if it expired, so that a late commit may be booked; else why not.</summary>
    public static Refusal RefusalOf(in Ruling ruling, OperationId reservationId, out ReservationHistory? found)
    {
        found = ruling.History?.Reservation;
        if (reservationId.TimeMs < ruling.NowMs - ruling.Options.RetentionMs - LedgerBounds.MaxTtlMs) return Refusal.UnknownReservation;
        if (found is null || found.Id != reservationId) return Refusal.NeedsHistory;
        if (!found.IsFound) return Refusal.UnknownReservation;
        return found.End == EntryKind.Expired ? Refusal.Granted : Refusal.ReservationFinished;
    }
}
