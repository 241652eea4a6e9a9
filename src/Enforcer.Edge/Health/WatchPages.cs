using Enforcer.Telemetry;

namespace Enforcer.Edge.Health;

/// <summary>
/// What machines that watch the edge may ask: <c>/livez</c>, <c>/readyz</c> and, on their own address, <c>/metrics</c>. No customer's key is needed, and nothing of
/// it ever goes to an upstream.
/// </summary>
internal sealed class WatchPages(EdgeReadiness readiness, PrometheusText metrics)
{
    /// <summary>Whether the request is for them: everything on their own address, and health where customers connect, for whoever spreads the load.</summary>
    public static bool IsFor(HttpContext http) =>
        IsWatched(http) || (http.Request.Method == HttpMethods.Get && http.Request.Path.Value is "/livez" or "/readyz");

    /// <summary>Answers it.</summary>
    public Task AnswerAsync(HttpContext http) => (http.Request.Method == HttpMethods.Get ? http.Request.Path.Value : null) switch
    {
        "/livez" => TellAsync(http, "alive\n"),
        "/readyz" or "/healthz" => TellReadinessAsync(http),
        "/metrics" => TellAsync(http, metrics.Read(), "text/plain; version=0.0.4; charset=utf-8"),
        _ => TellAsync(http, "There is GET /metrics, /readyz and /livez here; calls go to the other address.\n", status: StatusCodes.Status404NotFound),
    };

    private static bool IsWatched(HttpContext http) => http.Features.Get<WatchConnection>() is not null;

    /// <summary>Why the edge is not ready is for its operator.</summary>
    private Task TellReadinessAsync(HttpContext http) => readiness.Problem is { } problem
        ? TellAsync(http, IsWatched(http) ? problem + "\n" : "not ready\n", status: StatusCodes.Status503ServiceUnavailable)
        : TellAsync(http, "ready\n");

    private static Task TellAsync(HttpContext http, string text, string type = "text/plain; charset=utf-8", int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        return http.Response.WriteAsync(text);
    }
}
