using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Protocols.OpenAi;

/// <summary>OpenAI: bearer keys, errors with type and code, rates in <c>x-ratelimit-…</c>.</summary>
internal sealed class OpenAiDialect : Dialect
{
    private OpenAiDialect()
    {
    }

    public static OpenAiDialect Instance { get; } = new();

    public override string Name => "openai";

    public override string? KeyOf(IHeaderDictionary headers, out string problem)
    {
        problem = "";
        if (BearerOf(headers) is { Length: > 0 } key)
            return key;
        problem = headers.ContainsKey("x-api-key") || headers.ContainsKey("api-key")
            ? "The key is in the wrong header; send it as 'Authorization: Bearer enf_live_…'."
            : headers.Authorization.Count > 0
                ? "The Authorization header is not of the form 'Bearer enf_live_…'."
                : "There is no key; send it as 'Authorization: Bearer enf_live_…'.";
        return null;
    }

    public override void SignIn(HttpRequestHeaders headers, string secret) => headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);

    protected override byte[] BodyOf(Problem problem, HttpContext http)
    {
        var (type, code) = NamesOf(problem.Kind);
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = problem.Message, ["type"] = type, ["param"] = problem.Field, ["code"] = code },
        });
    }

    protected override void WriteRates(IHeaderDictionary headers, RateStanding rates)
    {
        Write(headers, "requests", rates.Requests);
        Write(headers, "tokens", rates.Tokens);
    }

    private static void Write(IHeaderDictionary headers, string what, RateFigures? figures)
    {
        if (figures is not { } rate)
            return;
        headers["x-ratelimit-limit-" + what] = rate.Burst.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining-" + what] = rate.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset-" + what] = DurationText(rate.ResetAfter);
    }

    /// <summary>"6m0s", "1.2s", "20ms": as the provider writes spans.</summary>
    private static string DurationText(TimeSpan span)
    {
        if (span < TimeSpan.FromSeconds(1))
            return string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Ceiling(span.TotalMilliseconds)}ms");
        var minutes = (long)span.TotalMinutes;
        var seconds = (span - TimeSpan.FromMinutes(minutes)).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"{(minutes > 0 ? minutes + "m" : "")}{seconds:0.###}s");
    }

    private static (string Type, string? Code) NamesOf(ProblemKind kind) => kind switch
    {
        ProblemKind.Malformed => ("invalid_request_error", null),
        ProblemKind.UnknownPath => ("invalid_request_error", "unknown_url"),
        ProblemKind.UnknownModel => ("invalid_request_error", "model_not_found"),
        ProblemKind.TooLarge => ("invalid_request_error", "request_too_large"),
        ProblemKind.Unauthenticated => ("invalid_request_error", "invalid_api_key"),
        ProblemKind.Forbidden => ("permission_error", "account_inactive"),
        ProblemKind.NoMoney => ("insufficient_quota", "insufficient_quota"),
        ProblemKind.MoneyInFlight => ("rate_limit_exceeded", "quota_in_flight"),
        ProblemKind.RequestRate => ("requests", "rate_limit_exceeded"),
        ProblemKind.TokenRate => ("tokens", "rate_limit_exceeded"),
        ProblemKind.Concurrency => ("requests", "concurrency_limit_exceeded"),
        ProblemKind.Unavailable => ("server_error", "service_unavailable"),
        _ => ("server_error", "upstream_failed"),
    };
}
