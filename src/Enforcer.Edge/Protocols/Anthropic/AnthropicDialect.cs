using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Protocols.Anthropic;

/// <summary>Anthropic: keys in <c>x-api-key</c>, errors with a type of their own, rates in <c>anthropic-ratelimit-…</c>.</summary>
internal sealed class AnthropicDialect : Dialect
{
    private const string KeyHeader = "x-api-key";
    private const string VersionHeader = "anthropic-version";
    private const string UsualVersion = "2023-06-01";

    private AnthropicDialect()
    {
    }

    public static AnthropicDialect Instance { get; } = new();

    public override string Name => "anthropic";

    public override string? KeyOf(IHeaderDictionary headers, out string problem)
    {
        problem = "";
        var (plain, bearer) = (headers[KeyHeader].ToString(), BearerOf(headers) ?? "");
        if (plain.Length > 0 && bearer.Length > 0 && plain != bearer)
        {
            problem = "There are two keys, one in x-api-key and another in Authorization; send one.";
            return null;
        }
        if (plain.Length + bearer.Length > 0)
            return plain.Length > 0 ? plain : bearer;
        problem = headers.Authorization.Count > 0 || headers.ContainsKey("api-key")
            ? "The key is in the wrong header; send it as 'x-api-key: enf_live_…', or as 'Authorization: Bearer enf_live_…'."
            : "There is no key; send it as 'x-api-key: enf_live_…'.";
        return null;
    }

    public override void SignIn(HttpRequestHeaders headers, string secret)
    {
        headers.TryAddWithoutValidation(KeyHeader, secret);
        if (!headers.Contains(VersionHeader))
            headers.TryAddWithoutValidation(VersionHeader, UsualVersion);
    }

    protected override byte[] BodyOf(Problem problem, HttpContext http) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = TypeOf(problem.Kind), ["message"] = problem.Message },
        ["request_id"] = http.TraceIdentifier,
    });

    protected override void WriteRates(IHeaderDictionary headers, RateStanding rates)
    {
        Write(headers, "requests", rates.Requests);
        Write(headers, "tokens", rates.Tokens);
    }

    private static void Write(IHeaderDictionary headers, string what, RateFigures? figures)
    {
        if (figures is not { } rate)
            return;
        headers[$"anthropic-ratelimit-{what}-limit"] = rate.Burst.ToString(CultureInfo.InvariantCulture);
        headers[$"anthropic-ratelimit-{what}-remaining"] = rate.Remaining.ToString(CultureInfo.InvariantCulture);
        headers[$"anthropic-ratelimit-{what}-reset"] = rate.ResetAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private static string TypeOf(ProblemKind kind) => kind switch
    {
        ProblemKind.Malformed => "invalid_request_error",
        ProblemKind.UnknownPath or ProblemKind.UnknownModel => "not_found_error",
        ProblemKind.TooLarge => "request_too_large",
        ProblemKind.Unauthenticated => "authentication_error",
        ProblemKind.Forbidden => "permission_error",
        ProblemKind.Unavailable => "overloaded_error",
        ProblemKind.UpstreamFailed => "api_error",
        _ => "rate_limit_error",
    };
}
