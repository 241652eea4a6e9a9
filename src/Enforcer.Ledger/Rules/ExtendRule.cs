using System.Runtime.CompilerServices;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;

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
        var wantsMore = command.AmountNanos > 0 || command.Tokens > 0;
        if (refusal != Refusal.Granted && (wantsMore || refusal != Refusal.Overrun)) return ruling.Refuse(refusal);
        if (state.CommittedNanos + state.HeldNanos > LedgerBounds.MaxTotalNanos - command.AmountNanos)
            return ruling.Refuse(Refusal.ExceedsSpendCap) with { Limit = "total" };

        var reservation = open;
        if (command.AmountNanos > 0)
        {
            var check = SpendCheck.Grant(ruling, reservation.LimitMask, reservation.ReservedSeq, command.AmountNanos, command.AmountNanos, out _);
            if (!check.IsGranted) return check;
        }
        var rate = RateCheck.Tokens(ruling, command.Tokens, command.Tokens, out _);
        if (!rate.IsGranted) return rate;

        var headroom = CommitRule.HeadroomOf(state, reservation);
        return ruling.Record(command, new Entry
        {
            Kind = EntryKind.Extended,
            ReservationId = reservation.Id,
            HeldDeltaNanos = command.AmountNanos,
            HeldAfterNanos = reservation.HeldNanos + command.AmountNanos,
            TokensDelta = command.Tokens,
            TokensAfter = reservation.Tokens + command.Tokens,
            ExpiresAtMs = command.TtlMs == 0 ? reservation.ExpiresAtMs : Math.Max(reservation.ExpiresAtMs, ruling.NowMs + command.TtlMs),
            HeadroomNanos = headroom == Outcome.NoCap ? headroom : headroom - command.AmountNanos,
        });
    }
}
