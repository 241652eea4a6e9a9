using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger.Rules;

/// <summary>What is said of a reservation that is not open: its history tells whether it ever was, and how it ended.</summary>
internal static class EndedRule
{
    /// <summary>
    /// Granted if it expired, so that a late commit may be booked; else why not. An id too old for any reservation that ended
    /// within the retention is not looked for.
    /// </summary>
    public static Refusal RefusalOf(in Ruling ruling, OperationId reservationId, out ReservationHistory? found)
    {
        found = null;
        var oldestMs = ruling.NowMs - ruling.Options.RetentionMs - ruling.Options.LongestLifeMs;
        return reservationId.TimeMs < oldestMs ? Refusal.UnknownReservation : Find(ruling, reservationId, out found);
    }

    /// <summary>The same, however old the id is.</summary>
    public static Refusal Find(in Ruling ruling, OperationId reservationId, out ReservationHistory? found)
    {
        found = ruling.History?.Reservation;
        if (found is null || found.Id != reservationId) return Refusal.NeedsHistory;
        if (!found.IsFound) return Refusal.UnknownReservation;
        return found.End switch
        {
            // Findings that call open what the state has ended are too old to refuse a late commit for.
            EntryKind.None => Refusal.NeedsHistory,
            EntryKind.Expired => Refusal.Granted,
            _ => Refusal.ReservationFinished,
        };
    }
}
