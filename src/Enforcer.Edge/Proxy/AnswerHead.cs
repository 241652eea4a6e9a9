using System.Collections.Frozen;
using System.Net.Http.Headers;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Proxy;

/// <summary>Copies the head of an upstream's answer, but for what is the operator's business or about the connection.</summary>
internal static class AnswerHead
{
    private static readonly FrozenSet<string> Kept = new[]
    {
        "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Trailer", "Server", "Date", "Alt-Svc", "Set-Cookie", "Content-Length",
        "openai-organization", "openai-project", "anthropic-organization-id",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // The operator's own limits are not the customer's.
    private static readonly string[] KeptBeginnings = ["x-ratelimit-", "anthropic-ratelimit-", "ratelimit", "cf-"];

    public static void Copy(HttpResponseMessage from, HttpResponse to, Dialect dialect, Held held)
    {
        to.StatusCode = (int)from.StatusCode;
        Copy(from.Headers.NonValidated, to.Headers);
        Copy(from.Content.Headers.NonValidated, to.Headers);
        to.Headers["x-enforcer-reservation"] = held.ReservationId.ToString();
        dialect.TellRates(to.Headers, held.Rates);
    }

    private static void Copy(HttpHeadersNonValidated from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (!Kept.Contains(name) && !Array.Exists(KeptBeginnings, beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)))
                to[name] = values.Count == 1 ? values.ToString() : values.ToArray();
        }
    }

    /// <summary>The provider's id of the request, for disputes.</summary>
    public static string RequestIdOf(HttpResponseMessage answer)
    {
        foreach (var name in (ReadOnlySpan<string>)["x-request-id", "request-id"])
        {
            if (answer.Headers.TryGetValues(name, out var values))
                return values.First();
        }
        return "";
    }
}
