using Enforcer.Ledger.Accounts;
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

    /// <summary>True if the account's sums leave room for a grant of so much.</summary>
    public static bool FitsTotal(AccountState state, long amount) =>
        state.CommittedNanos + state.HeldNanos <= LedgerBounds.MaxTotalNanos - amount;

    /// <summary>True if the account's sums can count a commit.</summary>
    public static bool CanBook(AccountState state, long heldDelta, long cost) =>
        cost <= LedgerBounds.MaxBookedNanos - (state.CommittedNanos + state.HeldNanos + heldDelta);

    /// <summary>The refusal of what the sums cannot count.</summary>
    public static Outcome RefuseTotal(in Ruling ruling, long amount) => ruling.Refuse(Refusal.ExceedsSpendCap) with
    {
        Limit = "total",
        ShortBy = amount,
    };

    /// <summary>
    /// As much of <paramref name="atMost"/> as every cap has headroom for; if that is less than <paramref name="atLeast"/>, a
    /// refusal by the cap that time cures last.
    /// </summary>
    public static Outcome Grant(in Ruling ruling, uint mask, long reservedSeq, long atLeast, long atMost, out long granted)
    {
        granted = atMost;
        var counters = ruling.State.Counters;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if ((mask & (1u << slot)) == 0 || counters[slot] is not { } counter) continue;
            granted = Math.Min(granted, HeadroomOf(counter, counter.MembershipOf(reservedSeq)));
        }
        return granted >= atLeast ? default : Refuse(ruling, mask, reservedSeq, atLeast);
    }

    /// <summary>
    /// A limit newer than the reservation does not count it. A window whose count is no longer kept cannot show headroom, so it
    /// grants nothing.
    /// </summary>
    private static long HeadroomOf(SpendCounter counter, Membership membership) => membership switch
    {
        Membership.Current => counter.HeadroomNanos,
        Membership.Previous => counter.Previous.HeadroomNanos(counter.Limit.CapNanos),
        Membership.Gone => 0,
        _ => Outcome.NoCap,
    };

    /// <summary>
    /// Names, of all caps that are short, the one that keeps the caller waiting longest: what time does not cure first, then
    /// the next window that is furthest away, then what is merely in flight; of equals the one that is shortest.
    /// </summary>
    private static Outcome Refuse(in Ruling ruling, uint mask, long reservedSeq, long atLeast)
    {
        var worst = default(Outcome);
        var counters = ruling.State.Counters;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if ((mask & (1u << slot)) == 0 || counters[slot] is not { } counter) continue;
            var membership = counter.MembershipOf(reservedSeq);
            var headroom = HeadroomOf(counter, membership);
            if (headroom >= atLeast) continue;
            var refusal = RefusalBy(ruling, counter, membership, headroom, atLeast - headroom);
            if (worst.IsGranted || IsWorse(refusal, worst)) worst = refusal;
        }
        return worst;
    }

    private static Outcome RefusalBy(in Ruling ruling, SpendCounter counter, Membership membership, long headroom, long shortBy)
    {
        var held = membership switch
        {
            Membership.Current => counter.Current.HeldNanos,
            Membership.Previous => counter.Previous.HeldNanos,
            _ => 0,
        };
        var inFlight = Math.Min(shortBy, held);
        // A window that has passed never begins anew for the reservations that belong to it.
        var windowEndMs = counter.Limit.IsWindowed && membership == Membership.Current ? counter.Current.EndMs : long.MaxValue;
        var isInFlight = inFlight == shortBy;
        var againAtMs = isInFlight ? Math.Min(windowEndMs, ruling.State.Reservations.NextExpiryMs) : windowEndMs;
        return new Outcome
        {
            Refusal = isInFlight ? Refusal.ExceedsSpendCapInFlight : Refusal.ExceedsSpendCap,
            Seq = ruling.State.Seq,
            HeadroomNanos = headroom,
            Limit = counter.Limit.Label,
            ShortBy = shortBy,
            InFlight = inFlight,
            RetryAfterMs = againAtMs == long.MaxValue ? 0 : Math.Max(1, againAtMs - ruling.NowMs),
        };
    }

    private static bool IsWorse(in Outcome left, in Outcome right)
    {
        if (left.Refusal != right.Refusal) return left.Refusal == Refusal.ExceedsSpendCap;
        var (leftWait, rightWait) = (WaitOf(left), WaitOf(right));
        return leftWait != rightWait ? leftWait > rightWait : left.ShortBy > right.ShortBy;
    }

    private static long WaitOf(in Outcome refusal) => refusal.RetryAfterMs == 0 ? long.MaxValue : refusal.RetryAfterMs;
}
