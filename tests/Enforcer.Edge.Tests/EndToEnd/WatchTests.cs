using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Enforcer.Edge.Tests.Support;

namespace Enforcer.Edge.Tests.EndToEnd;

/// <summary>What machines that watch an edge see, and that their address is no way to an upstream.</summary>
public sealed class WatchTests
{
    private const long Dollar = 1_000_000_000;

    [Fact]
    public async Task Metrics_tell_calls_by_path_protocol_and_outcome()
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(Dollar);
        var poor = await world.CreateKeyAsync(20_000_000);
        await CallAsync(world, Bodies.Chat, key.Secret, HttpStatusCode.OK);
        await CallAsync(world, Bodies.Messages, key.Secret, HttpStatusCode.OK);
        await CallAsync(world, Bodies.Chat, poor.Secret, HttpStatusCode.OK, most: 100_000);
        await CallAsync(world, Bodies.Chat, (await world.CreateKeyAsync(10)).Secret, HttpStatusCode.TooManyRequests);
        await CallAsync(world, "/v1/completions", key.Secret, HttpStatusCode.NotFound);
        await world.SettledAsync(key);
        await world.SettledAsync(poor);
        var metrics = await world.Http.GetStringAsync(new Uri(world.Edge.Watch, "/metrics"));
        Assert.Equal(2, Value(metrics, """enforcer_edge_calls_total{path="/v1/chat/completions",protocol="openai",outcome="whole"}"""));
        Assert.Equal(1, Value(metrics, """enforcer_edge_calls_total{path="/v1/messages",protocol="anthropic",outcome="whole"}"""));
        Assert.Equal(1, Value(metrics, """enforcer_edge_calls_total{path="/v1/chat/completions",protocol="openai",outcome="no_money"}"""));
        Assert.Equal(1, Value(metrics, """enforcer_edge_calls_total{path="other",protocol="openai",outcome="unknown_path"}"""));
        Assert.Equal(3, Value(metrics, "enforcer_edge_reserve_duration_seconds_count"));
        Assert.Equal(3, Value(metrics, "enforcer_edge_admission_duration_seconds_count"));
        Assert.Equal(3, Value(metrics, "enforcer_edge_commit_duration_seconds_count"));
        Assert.Equal(1, Value(metrics, "enforcer_edge_clamped_total"));
        Assert.Equal(3, Value(metrics, """enforcer_edge_tokens_total{meter="requests"}"""));
        Assert.Equal(0, Value(metrics, "enforcer_edge_outbox_calls"));
        Assert.Equal(0, Value(metrics, "enforcer_edge_outbox_oldest_age_seconds"));
        Assert.Equal(1, Value(metrics, "enforcer_edge_outbox_writable"));
        Assert.DoesNotContain(key.Key.Account, metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_booked_yet_is_told()
    {
        await using var world = await World.StartAsync(options => options.EnforcerTimeoutMs = 300);
        var key = await world.CreateKeyAsync(Dollar);
        world.Upstream.Script = _ => new() { OutputTokens = 60, TokensPerSecond = 60 };
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true));
        await world.StopServerAsync();
        await answer.Content.ReadAsStringAsync();
        await Patience.UntilAsync(async () =>
        {
            var metrics = await world.Http.GetStringAsync(new Uri(world.Edge.Watch, "/metrics"));
            return Value(metrics, "enforcer_edge_outbox_due") == 1 && Value(metrics, "enforcer_edge_outbox_calls") == 1 && Value(metrics, "enforcer_edge_deferred_total") >= 1;
        }, "telling what is due");
        await world.StartServerAsync();
        await world.SettledAsync(key);
        Assert.Equal(0, Value(await world.Http.GetStringAsync(new Uri(world.Edge.Watch, "/metrics")), "enforcer_edge_outbox_due"));
    }

    [Fact]
    public async Task Health_needs_no_key_and_follows_Enforcer()
    {
        await using var world = await World.StartAsync(options => options.EnforcerTimeoutMs = 300);
        Assert.Equal("alive\n", await world.Http.GetStringAsync(new Uri(world.Edge.Address, "/livez")));
        await UntilReadyAsync(world, HttpStatusCode.OK);
        await world.StopServerAsync();
        await UntilReadyAsync(world, HttpStatusCode.ServiceUnavailable);
        // Why is for the operator: where customers connect, only that.
        Assert.Contains("Enforcer", await TextAsync(world, world.Edge.Watch), StringComparison.Ordinal);
        Assert.Equal("not ready\n", await TextAsync(world, world.Edge.Address));
        Assert.Equal("alive\n", await world.Http.GetStringAsync(new Uri(world.Edge.Watch, "/livez")));
        await world.StartServerAsync();
        await UntilReadyAsync(world, HttpStatusCode.OK);
    }

    [Fact]
    public async Task No_call_passes_where_the_edge_is_watched_and_no_metrics_are_where_customers_connect()
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(Dollar);
        foreach (var path in new[] { Bodies.Chat, Bodies.Messages, "/metrics", "/readyz" })
        {
            using var answer = await world.PostAsync(world.Edge.Watch, path, key.Secret, Bodies.Of(path, stream: false));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        using var metrics = await world.Http.GetAsync(new Uri(world.Edge.Address, "/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, metrics.StatusCode);
        using var posted = await world.PostAsync("/readyz", key.Secret, "{}");
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
        Assert.Equal(0, world.Upstream.Served.Started);
    }

    private static async Task CallAsync(World world, string path, string key, HttpStatusCode status, long most = 100)
    {
        using var answer = await world.PostAsync(path, key, Bodies.Of(path, stream: false, most));
        Assert.Equal(status, answer.StatusCode);
        await answer.Content.ReadAsStringAsync();
    }

    private static Task UntilReadyAsync(World world, HttpStatusCode wanted) => Patience.UntilAsync(async () =>
    {
        using var answer = await world.Http.GetAsync(new Uri(world.Edge.Watch, "/readyz"));
        return answer.StatusCode == wanted;
    }, $"readiness {wanted}");

    private static async Task<string> TextAsync(World world, Uri address)
    {
        using var answer = await world.Http.GetAsync(new Uri(address, "/readyz"));
        return await answer.Content.ReadAsStringAsync();
    }

    private static long Value(string metrics, string sample)
    {
        var line = Regex.Match(metrics, "(?m)^" + Regex.Escape(sample) + " ([0-9]+)$");
        return line.Success ? long.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) : -1;
    }
}
