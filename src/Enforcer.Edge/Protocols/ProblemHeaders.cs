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
    }
}
