namespace Enforcer.Ledger.Limits;

/// <summary>
/// A token bucket in whole numbers. The level is kept in units of 1/60,000 of a request or token, so a millisecond adds
/// exactly <c>PerMinute</c> of them and no remainder is ever lost. Elapsed time is clamped to what fills the bucket: a clock
/// that jumps ahead gives one burst, one that jumps back gives nothing twice. A settled call may take the level below zero.
/// </summary>
public readonly record struct TokenBucket
{
    /// <summary>Level units per request or token: milliseconds per minute.</summary>
    public const long Scale = 60_000;

    /// <summary>The deepest debt: 2^62 level units.</summary>
    private const long Deepest = -(1L << 62);

    /// <summary>The most that one step takes or gives back, so that the product with <see cref="Scale"/> fits: far beyond any burst.</summary>
    private const long MostAtOnce = 1L << 46;

    /// <summary>What the bucket held at <see cref="AtMs"/>, in 1/60,000.</summary>
    public long Level { get; init; }

    /// <summary>The moment of <see cref="Level"/>, Unix ms.</summary>
    public long AtMs { get; init; }

    /// <summary>
    /// The bucket counts reservations whose Reserved entry came after this seq: what an older one never took from it, it cannot
    /// give back.
    /// </summary>
    public long SinceSeq { get; init; }

    /// <summary>A full bucket.</summary>
    public static TokenBucket Full(RateLimit limit, long atMs, long sinceSeq) =>
        new() { Level = limit.Burst * Scale, AtMs = atMs, SinceSeq = sinceSeq };

    /// <summary>The bucket as it is at a later moment.</summary>
    public TokenBucket At(long nowMs, RateLimit limit)
    {
        var capacity = limit.Burst * Scale;
        if (nowMs <= AtMs) return Level <= capacity ? this : this with { Level = capacity };
        if (Level >= capacity) return this with { Level = capacity, AtMs = nowMs };
        var missing = capacity - Level;
        var msToFull = (missing / limit.PerMinute) + 1;
        var elapsed = nowMs - AtMs;
        var level = elapsed >= msToFull ? capacity : Math.Min(capacity, Level + (elapsed * limit.PerMinute));
        return this with { Level = level, AtMs = nowMs };
    }

    /// <summary>Whole requests or tokens that could be taken; negative while in debt.</summary>
    public long Available => Level >= 0 ? Level / Scale : -((-Level + Scale - 1) / Scale);

    /// <summary>The bucket after taking (or, if negative, giving back) so many; never above its burst.</summary>
    public TokenBucket Take(long amount, RateLimit limit)
    {
        if (amount == 0) return this;
        var level = Math.Max(Deepest, Level - (Math.Clamp(amount, -MostAtOnce, MostAtOnce) * Scale));
        return this with { Level = Math.Min(level, limit.Burst * Scale) };
    }

    /// <summary>Milliseconds until so many can be taken; 0 if they never can, because the burst is smaller.</summary>
    public long MsUntil(long amount, RateLimit limit)
    {
        if (amount > limit.Burst) return 0;
        var missing = (amount * Scale) - Level;
        return missing <= 0 ? 1 : ((missing - 1) / limit.PerMinute) + 1;
    }
}
