using Enforcer.Pricing.Quoting;

namespace Enforcer.Pricing.Bounds;

/// <summary>
/// The inverse of a bound. The bound never falls when more output is allowed, so the largest number that fits is found exactly: first
/// where a straight line would have it, which is a few tokens off at most without steps, then by halving what is left.
/// </summary>
internal static class OutputFits
{
    private const long Near = 4;

    public static OutputFit Find(Offer offer, UsageBound bound, CountRange before, long headroomNanos, long atMost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(atMost);
        var all = PriceOf(atMost);
        if (all <= headroomNanos) return new OutputFit(atMost, all, 0);
        var none = PriceOf(0);
        if (none > headroomNanos) return new OutputFit(null, none, none - Math.Max(0, headroomNanos));
        var (fits, exceeds) = (0L, atMost);
        var guess = (long)((Int128)(headroomNanos - none) * atMost / ((Int128)all - none));
        Try(guess - Near);
        Try(guess + Near);
        while (exceeds - fits > 1) Try(fits + ((exceeds - fits) / 2));
        return new OutputFit(fits, PriceOf(fits), 0);

        void Try(long tokens)
        {
            if (tokens <= fits || tokens >= exceeds) return;
            if (PriceOf(tokens) <= headroomNanos) fits = tokens;
            else exceeds = tokens;
        }

        long PriceOf(long tokens) => MostNanos(offer, bound.WithOutput(tokens), before);
    }

    /// <summary>What no amount can tell fits into no headroom: an absurd limit is clamped like any other.</summary>
    private static long MostNanos(Offer offer, UsageBound bound, CountRange before)
    {
        try
        {
            return PriceBounds.PriceNanos(offer, bound, before);
        }
        catch (OverflowException)
        {
            return long.MaxValue;
        }
    }
}
