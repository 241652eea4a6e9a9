using System.Runtime.CompilerServices;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Reservations;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// Reverse: gives back all or part of a finished reservation's commits by a new entry; nothing is ever edited. Disputes come
/// late, so it finds a reservation of any age.
/// </summary>
internal static class ReverseRule
{
    public static Outcome Decide(in Ruling ruling, in Command command)
    {
        if (!Unsafe.IsNullRef(in ruling.State.Reservations.Find(command.ReservationId)))
            return ruling.RefuseChange("the reservation is still open: commit or release it first");
        var refusal = EndedRule.Find(ruling, command.ReservationId, out var found);
        if (refusal is not (Refusal.Granted or Refusal.ReservationFinished)) return ruling.Refuse(refusal);
        var left = found!.CommittedNanos - found.ReversedNanos;
        var amount = command.AmountNanos == 0 ? left : command.AmountNanos;
        if (amount > left || amount == 0)
            return ruling.Refuse(Refusal.ExceedsCommitted) with { Limit = "committed", ShortBy = amount - left };
        var reservation = new Reservation { Id = found.Id, LimitMask = found.LimitMask, ReservedSeq = found.ReservedSeq };
        return ruling.Record(command, new Entry
        {
            Kind = EntryKind.Reversed,
            ReservationId = found.Id,
            CommittedDeltaNanos = -amount,
            LimitMask = found.LimitMask,
            ReservedSeq = found.ReservedSeq,
            HeadroomNanos = CommitRule.HeadroomAfter(ruling.State, reservation, 0, -amount),
            Actor = command.Actor,
            Reason = command.Reason,
        });
    }
}
