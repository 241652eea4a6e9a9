using System.Runtime.CompilerServices;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Reservations;

namespace Enforcer.Ledger.Rules;

/// <summary>What time does by itself: reservations end, calendar windows begin. Once each, before anything else is decided.</summary>
/// <remarks>
/// If more reservations are due than one decision may end (<see cref="LedgerBounds.MaxExpiriesPerDecision"/>), the rest stays held until the
/// next one: no cap is passed by that, and nobody is told otherwise, for three reasons. What is held counts against every cap as what is
/// charged does. The reservation that a command names has always ended before it, if it is due. And each reservation is charged to the window
/// in which it was made, whenever it ends.
/// </remarks>
internal static class DueRule
{
    /// <param name="ruling">What is decided.</param>
    /// <param name="named">The reservation that the command names, or none.</param>
    public static void Apply(in Ruling ruling, OperationId named)
    {
        var state = ruling.State;
        for (var ended = 0; IsMoreDue(ruling) && ended < LedgerBounds.MaxExpiriesPerDecision; ended++) Expire(ruling, state.Reservations.First);
        if (IsMoreDue(ruling) && !named.IsNone) ExpireNamed(ruling, named);
        if (state.NextWindowMs <= ruling.NowMs) OpenWindows(ruling);
    }

    /// <summary>True while reservations are open whose time has come.</summary>
    public static bool IsMoreDue(in Ruling ruling) => ruling.State.Reservations.NextExpiryMs <= ruling.NowMs;

    /// <summary>Opens every window that has begun, also for limits that were set just now.</summary>
    public static void OpenWindows(in Ruling ruling)
    {
        var counters = ruling.State.Counters;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if (counters[slot] is not { Limit.IsWindowed: true } counter || counter.Current.EndMs > ruling.NowMs) continue;
            var (start, end) = ruling.Calendar.Containing(counter.Limit.Window, counter.Limit.Zone, ruling.NowMs);
            // A zone whose rules changed may name a window that has ended; time still goes on.
            ruling.Record(new Entry
            {
                Kind = EntryKind.WindowOpened,
                Slot = slot,
                WindowStartMs = start,
                ExpiresAtMs = Math.Max(end, ruling.NowMs + 1),
                HeadroomNanos = Outcome.NoCap,
            });
        }
    }

    private static void ExpireNamed(in Ruling ruling, OperationId id)
    {
        ref readonly var named = ref ruling.State.Reservations.Find(id);
        if (!Unsafe.IsNullRef(in named) && named.ExpiresAtMs <= ruling.NowMs) Expire(ruling, named);
    }

    /// <summary>Never frees money that may have been spent: the default charges all that is held (SPEC section 3).</summary>
    private static void Expire(in Ruling ruling, Reservation due)
    {
        var isCharged = ruling.State.Limits.OnExpiry == ExpiryPolicy.Charge;
        var mostCost = isCharged && due.Priced is { } priced ? Math.Max(0, priced.AmountCostNanos - priced.CostNanos) : 0;
        ruling.Record(new Entry
        {
            Kind = EntryKind.Expired,
            ReservationId = due.Id,
            HeldDeltaNanos = -due.HeldNanos,
            CommittedDeltaNanos = isCharged ? due.HeldNanos : 0,
            Tokens = due.Tokens,
            TokensDelta = isCharged ? 0 : -due.Tokens,
            RequestsDelta = isCharged || due.IsUsed ? 0 : -1,
            HeadroomNanos = Outcome.NoCap,
            Priced = due.Priced is { } call ? UsageRule.Bare(call, mostCost, 0) : null,
        });
    }
}
