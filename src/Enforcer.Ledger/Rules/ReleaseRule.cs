using System.Runtime.CompilerServices;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// Release: returns money, tokens and, if no partial commit says that the call was made, the request slot. A reservation
/// that has expired is finished: what it was charged comes back by a final commit of zero, which says that nothing was spent.
/// </summary>
internal static class ReleaseRule
{
    public static Outcome Decide(in Ruling ruling, in Command command)
    {
        ref readonly var open = ref ruling.State.Reservations.Find(command.ReservationId);
        if (Unsafe.IsNullRef(in open))
        {
            var ended = EndedRule.RefusalOf(ruling, command.ReservationId, out _);
            return ruling.Refuse(ended == Refusal.Granted ? Refusal.ReservationFinished : ended);
        }
        var reservation = open;
        return ruling.Record(command, new Entry
        {
            Kind = EntryKind.Released,
            ReservationId = reservation.Id,
            HeldDeltaNanos = -reservation.HeldNanos,
            TokensDelta = -reservation.Tokens,
            RequestsDelta = reservation.IsUsed ? 0 : -1,
            HeadroomNanos = CommitRule.HeadroomAfter(ruling.State, reservation, -reservation.HeldNanos, 0),
        });
    }
}
