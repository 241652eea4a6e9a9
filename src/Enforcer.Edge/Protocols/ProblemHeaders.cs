using System.Globalization;

namespace Enforcer.Edge.Protocols;

/// <summary>Headers that both providers' SDKs understand: when to try again, and whether to.</summary>
internal static class ProblemHeaders
{
    public static void Write(IHeaderDictionary headers, Problem problem)
    {
        if (problem.RetryAfter is { } wait)
        {
            headers["retry-after"] = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            headers["retry-after-ms"] = ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        }
        if (problem.ShouldRetry is { } should)
            headers["x-should-retry"] = should ? "true" : "false";
        if (problem.Rates is { } rates)
            WriteStandard(headers, rates);
    }

    /// <summary>The fields of the IETF's draft on rate limits.</summary>
    private static void WriteStandard(IHeaderDictionary headers, Spending.RateStanding rates)
    {
        foreach (var (name, figures) in new[] { ("requests", rates.Requests), ("tokens", rates.Tokens) })
        {
            if (figures is not { } rate)
                continue;
            headers.Append("ratelimit-policy", $"\"{name}\";q={rate.Burst};w=60");
            headers.Append("ratelimit", $"\"{name}\";r={rate.Remaining};t={(long)Math.Ceiling(rate.ResetAfter.TotalSeconds)}");
        }
    }
}
