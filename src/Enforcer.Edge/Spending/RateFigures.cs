namespace Enforcer.Edge.Spending;

/// <summary>One rate.</summary>
/// <param name="Burst">What can be used at once when all is there.</param>
/// <param name="Available">What can be used now; may be negative.</param>
/// <param name="ResetAfter">When all of it is there again.</param>
/// <param name="ResetAt">The same by the clock.</param>
internal readonly record struct RateFigures(long Burst, long Available, TimeSpan ResetAfter, DateTimeOffset ResetAt)
{
    private const long MillisPerMinute = 60_000;

    /// <summary>What can be used now, for people.</summary>
    public long Remaining => Math.Max(0, Available);

    /// <summary>A rate as Enforcer tells it.</summary>
    public static RateFigures Of(long perMinute, long burst, long available, DateTimeOffset now)
    {
        var missing = Math.Max(0, burst - available);
        var wait = perMinute == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds((long)((((Int128)missing * MillisPerMinute) + perMinute - 1) / perMinute));
        return new RateFigures(burst, available, wait, now + wait);
    }
}
