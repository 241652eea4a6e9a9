using Enforcer.Protocol.V1;

namespace Enforcer.Edge.Spending;

/// <summary>How an account's rates stand; null where it has no such limit.</summary>
/// <param name="Requests">Requests.</param>
/// <param name="Tokens">Tokens.</param>
internal sealed record RateStanding(RateFigures? Requests, RateFigures? Tokens)
{
    /// <summary>Rates as Enforcer told them, some of which may have been used since, and some of which has come back; null if there are none.</summary>
    /// <param name="told">The account.</param>
    /// <param name="since">How long ago that was.</param>
    /// <param name="requests">Requests made since.</param>
    /// <param name="tokens">Tokens held since.</param>
    /// <param name="now">The time.</param>
    public static RateStanding? Of(AccountView told, TimeSpan since, long requests, long tokens, DateTimeOffset now)
    {
        var standing = new RateStanding(Figures(told.Requests, since, requests, now), Figures(told.Tokens, since, tokens, now));
        return standing is { Requests: null, Tokens: null } ? null : standing;
    }

    private static RateFigures? Figures(RateView? rate, TimeSpan since, long used, DateTimeOffset now)
    {
        if (rate is null || rate.PerMinute == 0)
            return null;
        var burst = rate.Burst == 0 ? rate.PerMinute : rate.Burst;
        var cameBack = (Int128)rate.PerMinute * since.Ticks / TimeSpan.TicksPerMinute;
        var available = (long)Int128.Clamp(rate.Available + cameBack - used, long.MinValue / 2, burst);
        return RateFigures.Of(rate.PerMinute, burst, available, now);
    }
}
