using System.Globalization;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Protocols;

/// <summary>The fields of the IETF's draft on rate limits, beside the provider's own.</summary>
internal static class RateHeaders
{
    public static void Write(IHeaderDictionary headers, RateStanding rates)
    {
        Write(headers, "requests", rates.Requests);
        Write(headers, "tokens", rates.Tokens);
    }

    private static void Write(IHeaderDictionary headers, string name, RateFigures? figures)
    {
        if (figures is not { } rate)
            return;
        headers.Append("ratelimit-policy", string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={rate.Burst};w=60"));
        headers.Append("ratelimit", string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={rate.Remaining};t={(long)Math.Ceiling(rate.ResetAfter.TotalSeconds)}"));
    }
}
