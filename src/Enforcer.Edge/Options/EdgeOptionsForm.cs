using System.Net;
using Enforcer.Edge.Protocols;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Options;

/// <summary>Checks an edge's options before anything is opened; tells all that is wrong at once.</summary>
internal static class EdgeOptionsForm
{
    private const long MostNanos = 1L << 53;
    private const long DayMs = 86_400_000;

    public static IReadOnlyList<string> Problems(EdgeOptions options)
    {
        var problems = new List<string>();
        if (!IPEndPoint.TryParse(options.Listen, out _))
            problems.Add($"listen '{options.Listen}' is no address with a port; give one such as 127.0.0.1:7090.");
        if (!IPEndPoint.TryParse(options.Watch, out _))
            problems.Add($"watch '{options.Watch}' is no address with a port; give one such as 127.0.0.1:7091.");
        if (options.Otlp.Length > 0 && !IsAddress(options.Otlp))
            problems.Add($"otlp '{options.Otlp}' is no address; give one such as http://127.0.0.1:4317.");
        if (options.TlsCertificate.Length > 0 != options.TlsKey.Length > 0)
            problems.Add("tls_certificate and tls_key belong together; give both or neither.");
        if (!IsAddress(options.Enforcer))
            problems.Add($"enforcer '{options.Enforcer}' is no address; give one such as http://127.0.0.1:7070.");
        if (options.Token.Length == 0)
            problems.Add("token is empty; give an enf_edge_… token, which 'enforcer tokens create --role edge' makes.");
        if (string.IsNullOrWhiteSpace(options.Data))
            problems.Add("data is empty; name the folder for the outbox.");
        if (options.Upstreams.Count == 0)
            problems.Add("upstreams is empty; name at least one, with protocol and url.");
        foreach (var upstream in options.Upstreams)
            Upstream(problems, upstream);
        foreach (var path in options.Paths)
            Path(problems, path, options);
        Bounds(problems, options);
        return problems;
    }

    private static void Upstream(List<string> problems, UpstreamSettings upstream)
    {
        var name = $"upstream '{upstream.Name}'";
        if (upstream.Name.Length == 0)
            problems.Add("an upstream has no name; give each one its own.");
        if (Dialect.Find(upstream.Protocol) is null)
            problems.Add($"{name}: protocol '{upstream.Protocol}' is not known; give openai or anthropic.");
        if (!IsAddress(upstream.Url))
            problems.Add($"{name}: url '{upstream.Url}' is no address; give one such as https://api.openai.com.");
        if (upstream.Secret.Length > 0 && upstream.SecretVariable.Length > 0)
            problems.Add($"{name}: secret and secret_variable exclude each other; keep secret_variable.");
        if (upstream.SecretVariable.Length > 0 && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(upstream.SecretVariable)))
            problems.Add($"{name}: the variable {upstream.SecretVariable} is not set; set it to the secret, or name another in secret_variable.");
        foreach (var tier in upstream.UsualTiers)
        {
            if (!ServiceTiers.TryParse(tier, out _))
                problems.Add($"{name}: usual_tiers has '{tier}', which is no tier; give standard, batch, flex, priority or fast.");
        }
        Range(problems, $"{name}: web_searches", upstream.WebSearches, 0, 1_000);
        Range(problems, $"{name}: tokens_per_web_search", upstream.TokensPerWebSearch, 0, 10_000_000);
        Range(problems, $"{name}: stored_context_tokens", upstream.StoredContextTokens, 0, 100_000_000);
        Range(problems, $"{name}: file_tokens", upstream.FileTokens, 0, 100_000_000);
    }

    private static void Path(List<string> problems, ListedPath path, EdgeOptions options)
    {
        if (!path.Path.StartsWith('/'))
            problems.Add($"path '{path.Path}' does not begin with a slash; give it as /v1/moderations.");
        if (Routes.IsOwn(path.Method, path.Path))
            problems.Add($"path '{path.Method} {path.Path}' is metered by itself; take it off the list.");
        if (!options.Upstreams.Any(upstream => upstream.Name == path.Upstream))
            problems.Add($"path '{path.Path}': there is no upstream '{path.Upstream}'; name one of upstreams.");
        Range(problems, $"path '{path.Path}': price_nanos", path.PriceNanos, 0, MostNanos);
    }

    private static void Bounds(List<string> problems, EdgeOptions options)
    {
        Range(problems, "max_request_bytes", options.MaxRequestBytes, 1_024, 1L << 30);
        Range(problems, "max_answer_bytes", options.MaxAnswerBytes, 1_024, 1L << 30);
        Range(problems, "most_output_tokens", options.MostOutputTokens, 1, 100_000_000);
        Range(problems, "default_output_tokens", options.DefaultOutputTokens, 1, options.MostOutputTokens);
        Range(problems, "least_output_tokens", options.LeastOutputTokens, 1, options.DefaultOutputTokens);
        Range(problems, "extend_tokens", options.ExtendTokens, 1, options.MostOutputTokens);
        Range(problems, "cut_allowance_tokens", options.CutAllowanceTokens, 0, options.MostOutputTokens);
        Range(problems, "enforcer_timeout_ms", options.EnforcerTimeoutMs, 10, 60_000);
        Range(problems, "ttl_ms", options.TtlMs, 1_000, DayMs);
        Range(problems, "upstream_connect_ms", options.UpstreamConnectMs, 10, 60_000);
        Range(problems, "upstream_idle_ms", options.UpstreamIdleMs, 100, 3_600_000);
        Range(problems, "drain_ms", options.DrainMs, 0, 3_600_000);
        Range(problems, "drain_bytes", options.DrainBytes, 0, 1L << 30);
        Range(problems, "max_open_calls", options.MaxOpenCalls, 1, 1_000_000);
    }

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");

    private static void Range(List<string> problems, string field, long value, long least, long most)
    {
        if (value < least || value > most)
            problems.Add($"{field} is {value}; give {least} to {most}.");
    }
}
