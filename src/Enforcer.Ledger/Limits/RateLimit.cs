namespace Enforcer.Ledger.Limits;

/// <summary>
/// A token bucket: it fills at <see cref="PerMinute"/> and holds at most <see cref="Burst"/>. Both 1 to 2^40, whole
/// requests or tokens.
/// </summary>
public sealed record RateLimit(long PerMinute, long Burst)
{
    /// <summary>A bucket that holds one minute's worth.</summary>
    public RateLimit(long perMinute) : this(perMinute, perMinute)
    {
    }
}
