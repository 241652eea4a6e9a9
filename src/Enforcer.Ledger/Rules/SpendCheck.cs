using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Rules;

/// <summary>Asks the spend caps: this is where a cap decides.</summary>
internal static class SpendCheck
{
    /// <summary>The slots that count a command with this model and tag.</summary>
    public static uint MaskFor(ReadOnlySpan<SpendCounter?> counters, string? model, string? tag)
    {
        uint mask = 0;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if (counters[slot] is { } counter && counter.Limit.Covers(model, tag)) mask |= 1u << slot;
        }
        return mask;
    }

    /// <summary>
    /// As much of <paramref name="atMost"/> as every cap has headroom for; a refusal by the cap that is shortest of
    /// <paramref name="atLeast"/> if that is too little.
    /// </summary>
    public static Outcome Grant(in Ruling ruling, uint mask, long reservedSeq, long atLeast, long atMost, out long granted)
    {
        granted = atMost;
        SpendCounter? tightest = null;
        var tightestUse = SpendCounter.NoWindow;
        var counters = ruling.State.Counters;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if ((mask & (1u << slot)) == 0 || counters[slot] is not { } counter) continue;
            var membership = counter.MembershipOf(reservedSeq);
            if (membership == Membership.None) continue;
            var use = UseOf(counter, membership);
            // A window whose count is no longer kept cannot show headroom, so it grants nothing.
            var headroom = membership == Membership.Gone ? 0 : use.HeadroomNanos(counter.Limit.CapNanos);
            if (headroom >= granted) continue;
            granted = headroom;
            tightest = counter;
            tightestUse = use;
        }
        if (granted >= atLeast) return default;
        return Refuse(ruling, tightest!, tightestUse, atLeast - granted);
    }

    private static WindowUse UseOf(SpendCounter counter, Membership membership) => membership switch
    {
        Membership.Current => counter.Current,
        Membership.Previous => counter.Previous,
        _ => default,
    };

    private static Outcome Refuse(in Ruling ruling, SpendCounter counter, in WindowUse use, long shortBy)
    {
        var inFlight = Math.Min(shortBy, use.HeldNanos);
        var state = ruling.State;
        var retryAfter = 0L;
        // Time helps if money in flight may come back by expiry, or when the next window begins.
        if (inFlight == shortBy) retryAfter = Math.Max(1, state.Reservations.NextExpiryMs - ruling.NowMs);
        else if (counter.Limit.IsWindowed) retryAfter = Math.Max(1, counter.Current.EndMs - ruling.NowMs);
        return new Outcome
        {
            Refusal = inFlight == shortBy ? Refusal.ExceedsSpendCapInFlight : Refusal.ExceedsSpendCap,
            Seq = state.Seq,
            HeadroomNanos = use.HeadroomNanos(counter.Limit.CapNanos),
            Limit = counter.Limit.Label,
            ShortBy = shortBy,
            InFlight = inFlight,
            RetryAfterMs = retryAfter,
        };
    }
}
