using System.Runtime.CompilerServices;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Reservations;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// Commit: books the real cost, whatever it is. Within the hold it always fits; above it, headroom covers what it can and
/// the rest is an explicit overrun. A status never refuses a commit: the money is spent. Only the bound of what can be
/// counted does (<see cref="LedgerBounds.MaxBookedNanos"/>).
/// </summary>
internal static class CommitRule
{
    public static Outcome Decide(in Ruling ruling, in Command command)
    {
        ref readonly var open = ref ruling.State.Reservations.Find(command.ReservationId);
        if (Unsafe.IsNullRef(in open)) return DecideLate(ruling, command);
        var reservation = open;
        var check = UsageRule.Settle(ruling, command, reservation.Priced, out var settlement);
        if (!check.IsGranted) return check;
        UsageRule.RequireHeld(reservation, settlement);
        var cost = settlement.AmountNanos;
        var heldDelta = -(command.Final ? reservation.HeldNanos : Math.Min(reservation.HeldNanos, cost));
        var settledTokens = command.Final ? reservation.Tokens : Math.Min(reservation.Tokens, settlement.Tokens);
        if (!SpendCheck.CanBook(ruling.State, heldDelta, cost)) return SpendCheck.RefuseTotal(ruling, cost);
        return ruling.Record(command, new Entry
        {
            Kind = EntryKind.Committed,
            ReservationId = reservation.Id,
            HeldDeltaNanos = heldDelta,
            CommittedDeltaNanos = cost,
            OverrunNanos = OverrunOf(ruling.State, reservation.LimitMask, reservation.ReservedSeq, heldDelta, cost),
            HeldAfterNanos = reservation.HeldNanos + heldDelta,
            Tokens = settlement.Tokens,
            TokensDelta = settlement.Tokens - settledTokens,
            TokensAfter = command.Final ? 0 : reservation.Tokens - settledTokens,
            Final = command.Final,
            HeadroomNanos = HeadroomAfter(ruling.State, reservation, heldDelta, cost),
            Priced = settlement.Priced,
        });
    }

    /// <summary>
    /// A commit after expiry is always booked, exactly once: until the final report the charge of the expiry stands, and
    /// reports beyond it add; a final report lower than the charge gives the difference back.
    /// </summary>
    private static Outcome DecideLate(in Ruling ruling, in Command command)
    {
        var refusal = EndedRule.RefusalOf(ruling, command.ReservationId, out var found);
        if (refusal != Refusal.Granted) return ruling.Refuse(refusal);
        if (found!.IsLateFinal) return ruling.Refuse(Refusal.ReservationFinished);
        var check = UsageRule.Settle(ruling, command, found.Priced, out var settlement);
        if (!check.IsGranted) return check;
        var cost = found.LateBooked(found.LateNanos + settlement.AmountNanos, command.Final) - found.LateBookedNanos;
        // What an operator has reversed meanwhile cannot be given back twice.
        cost = Math.Max(cost, found.ReversedNanos - found.CommittedNanos);
        if (!SpendCheck.CanBook(ruling.State, 0, cost)) return SpendCheck.RefuseTotal(ruling, cost);
        var tokens = found.LateTaken(found.LateTokens + settlement.Tokens, command.Final) - found.LateTakenTokens;
        var reservation = new Reservation { Id = found.Id, LimitMask = found.LimitMask, ReservedSeq = found.ReservedSeq };
        return ruling.Record(command, new Entry
        {
            Kind = EntryKind.CommittedLate,
            ReservationId = found.Id,
            CommittedDeltaNanos = cost,
            OverrunNanos = OverrunOf(ruling.State, found.LimitMask, found.ReservedSeq, 0, cost),
            AmountNanos = settlement.AmountNanos,
            Tokens = settlement.Tokens,
            TokensDelta = tokens,
            Final = command.Final,
            LimitMask = found.LimitMask,
            ReservedSeq = found.ReservedSeq,
            HeadroomNanos = HeadroomAfter(ruling.State, reservation, 0, cost),
            Priced = settlement.Priced is { } priced ? found.PricedLate(priced, command.AmountNanos, command.Final) : null,
        });
    }

    /// <summary>The headroom of the caps whose current window counts the reservation, or none.</summary>
    public static long HeadroomOf(AccountState state, in Reservation reservation) =>
        state.HeadroomNanos(CurrentMask(state, reservation.LimitMask, reservation.ReservedSeq));

    /// <summary>The same after an entry with these deltas.</summary>
    public static long HeadroomAfter(AccountState state, in Reservation reservation, long heldDelta, long committedDelta)
    {
        var headroom = HeadroomOf(state, reservation);
        return headroom == Outcome.NoCap ? headroom : headroom - heldDelta - committedDelta;
    }

    private static uint CurrentMask(AccountState state, uint mask, long reservedSeq)
    {
        var counters = state.Counters;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if (counters[slot] is not { } counter || counter.MembershipOf(reservedSeq) != Membership.Current) mask &= ~(1u << slot);
        }
        return mask;
    }

    private static long OverrunOf(AccountState state, uint mask, long reservedSeq, long heldDelta, long cost)
    {
        var overrun = 0L;
        var counters = state.Counters;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if ((mask & (1u << slot)) == 0 || counters[slot] is not { } counter) continue;
            var use = counter.MembershipOf(reservedSeq) switch
            {
                Membership.Current => counter.Current,
                Membership.Previous => counter.Previous,
                _ => SpendCounter.NoWindow,
            };
            if (use.SinceSeq != long.MaxValue) overrun = Math.Max(overrun, use.UncoveredBy(heldDelta, cost, counter.Limit.CapNanos));
        }
        return overrun;
    }
}
