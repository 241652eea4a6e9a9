namespace Enforcer.Ledger.Limits;

/// <summary>What one spend limit has counted in one window.</summary>
public readonly record struct WindowUse
{
    /// <summary>The window counts reservations whose Reserved entry came after this seq.</summary>
    public long SinceSeq { get; init; }

    /// <summary>When it began, Unix ms; 0 for the life of the account.</summary>
    public long StartMs { get; init; }

    /// <summary>When it ends, Unix ms; <see cref="long.MaxValue"/> for the life of the account.</summary>
    public long EndMs { get; init; }

    /// <summary>Nanos committed.</summary>
    public long CommittedNanos { get; init; }

    /// <summary>Nanos that open reservations hold.</summary>
    public long HeldNanos { get; init; }

    /// <summary>Nanos of rights given to children and edges and not got back.</summary>
    public long DelegatedNanos { get; init; }

    /// <summary>The part of committed that went over the cap by overrun and has not been covered since.</summary>
    public long OverrunNanos { get; init; }

    /// <summary>
    /// The one formula of headroom (SPEC section 2): cap − committed − held − delegated. Negative when the cap was lowered below
    /// use or an overrun was booked. A grant compares <c>amount ≤ headroom</c>, never <c>used + amount ≤ cap</c>.
    /// </summary>
    public long HeadroomNanos(long capNanos) => checked(capNanos - CommittedNanos - HeldNanos - DelegatedNanos);

    /// <summary>The use after an entry, given what of its charge was more than its hold.</summary>
    internal WindowUse Add(long heldDelta, long committedDelta, long capNanos)
    {
        var overrun = OverrunNanos + Math.Max(0, UncoveredBy(heldDelta, committedDelta, capNanos));
        if (overrun > 0) overrun = Math.Min(overrun, Math.Max(0, heldDelta + committedDelta - HeadroomNanos(capNanos)));
        return this with
        {
            HeldNanos = HeldNanos + heldDelta,
            CommittedNanos = CommittedNanos + committedDelta,
            OverrunNanos = overrun,
        };
    }

    /// <summary>The part of a charge over its hold that this window's headroom does not cover; 0 or less if it covers all.</summary>
    internal long UncoveredBy(long heldDelta, long committedDelta, long capNanos)
    {
        var excess = committedDelta + Math.Min(heldDelta, 0);
        return excess <= 0 ? 0 : excess - Math.Max(0, HeadroomNanos(capNanos));
    }

    /// <summary>An overrun is never more than what is really over the cap: raised caps, reversals and returned holds pay it off.</summary>
    internal WindowUse Settled(long capNanos) =>
        OverrunNanos == 0 ? this : this with { OverrunNanos = Math.Min(OverrunNanos, Math.Max(0, -HeadroomNanos(capNanos))) };
}
