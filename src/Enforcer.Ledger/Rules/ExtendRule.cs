using System.Runtime.CompilerServices;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Prices;
using Enforcer.Ledger.Reservations;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// Extend: the same checks for more. A refusal means "stop now"; what is held stays held. A longer life alone needs no
/// headroom. Order of refusals: unknown or finished, closed, suspended, overrun, spend caps, tokens.
/// </summary>
internal static class ExtendRule
{
    public static Outcome Decide(in Ruling ruling, in Command command)
    {
        var state = ruling.State;
        ref readonly var open = ref state.Reservations.Find(command.ReservationId);
        if (Unsafe.IsNullRef(in open))
        {
            var ended = EndedRule.RefusalOf(ruling, command.ReservationId, out _);
            return ruling.Refuse(ended == Refusal.Granted ? Refusal.ReservationFinished : ended);
        }
        var refusal = ReserveRule.RefusalOfNew(state);
        var wantsMore = command.AmountNanos > 0 || command.Tokens > 0 || command.Call is not null;
        if (refusal != Refusal.Granted && (wantsMore || refusal != Refusal.Overrun)) return ruling.Refuse(refusal);

        var reservation = open;
        var more = new Grant(command.AmountNanos, command.Tokens, null);
        if (command.Call is CallMore call)
        {
            var priced = EstimateRule.Extend(ruling, call, reservation, out more);
            if (!priced.IsGranted) return priced;
        }
        var check = HasRoom(ruling, reservation, more);
        if (!check.IsGranted) return check;

        var headroom = CommitRule.HeadroomOf(state, reservation);
        return ruling.Record(command, new Entry
        {
            Kind = EntryKind.Extended,
            ReservationId = reservation.Id,
            HeldDeltaNanos = more.AmountNanos,
            HeldAfterNanos = reservation.HeldNanos + more.AmountNanos,
            TokensDelta = more.Tokens,
            TokensAfter = reservation.Tokens + more.Tokens,
            ExpiresAtMs = ExpiryOf(ruling, command, reservation),
            HeadroomNanos = headroom == Outcome.NoCap ? headroom : headroom - more.AmountNanos,
            Priced = more.Priced,
        });
    }

    private static Outcome HasRoom(in Ruling ruling, in Reservation reservation, in Grant more)
    {
        if (!SpendCheck.FitsTotal(ruling.State, more.AmountNanos)) return SpendCheck.RefuseTotal(ruling, more.AmountNanos);
        if (more.AmountNanos > 0)
        {
            var check = SpendCheck.Grant(ruling, reservation.LimitMask, reservation.ReservedSeq, more.AmountNanos, more.AmountNanos, out _);
            if (!check.IsGranted) return check;
        }
        return more.Tokens > 0 ? RateCheck.Tokens(ruling, reservation.ReservedSeq, more.Tokens, more.Tokens, out _) : default;
    }

    /// <summary>Never sooner than before, and never beyond the time for which a late commit can still find the reservation.</summary>
    private static long ExpiryOf(in Ruling ruling, in Command command, in Reservation reservation)
    {
        if (command.TtlMs == 0) return reservation.ExpiresAtMs;
        var latest = reservation.Id.TimeMs + ruling.Options.LongestLifeMs;
        return Math.Max(reservation.ExpiresAtMs, Math.Min(ruling.NowMs + command.TtlMs, latest));
    }
}
