using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Rules;

/// <summary>What time does by itself: reservations end, calendar windows begin. Once each, before anything else is decided.</summary>
internal static class DueRule
{
    public static void Apply(in Ruling ruling)
    {
        var state = ruling.State;
        while (state.Reservations.NextExpiryMs <= ruling.NowMs) Expire(ruling);
        if (state.NextWindowMs <= ruling.NowMs) OpenWindows(ruling);
    }

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

    /// <summary>Never frees money that may have been spent: the default charges all that is held (SPEC section 3).</summary>
    private static void Expire(in Ruling ruling)
    {
        var due = ruling.State.Reservations.First;
        var isCharged = ruling.State.Limits.OnExpiry == ExpiryPolicy.Charge;
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
        });
    }
}
