namespace Enforcer.Host;

/// <summary>When something is due that is done again and again, by a clock that may be set back: that puts nothing off by more than an interval.</summary>
/// <param name="intervalMs">How long after it was done it is due again, in ms.</param>
/// <param name="firstMs">When it is due first.</param>
internal sealed class Recurrence(long intervalMs, long firstMs)
{
    private long _nextMs = firstMs;

    /// <summary>Whether it is due now.</summary>
    public bool IsDue(long nowMs)
    {
        _nextMs = Math.Min(_nextMs, nowMs + intervalMs);
        return nowMs >= _nextMs;
    }

    /// <summary>It is due again an interval from now; returns when that is.</summary>
    public long PutOff(long nowMs) => _nextMs = nowMs + intervalMs;
}
