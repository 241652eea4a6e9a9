using System.Net;
using System.Net.Sockets;
using Enforcer.Edge.Tests.Support;
using Enforcer.Protocol.V1;
using Enforcer.SimulatedUpstream;

namespace Enforcer.Edge.Tests.EndToEnd;

/// <summary>What a customer is told who may not pass: each provider's shape, whether to retry, and when.</summary>
public sealed class RefusalTests
{
    private const long Dollar = 1_000_000_000;

    [Theory]
    [InlineData(Bodies.Chat, "insufficient_quota", "insufficient_quota")]
    [InlineData(Bodies.Responses, "insufficient_quota", "insufficient_quota")]
    [InlineData(Bodies.Messages, "rate_limit_error", null)]
    public async Task No_money_is_not_to_be_retried(string path, string type, string? code)
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(10);
        using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: true));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("false", HeaderOf(answer, "x-should-retry"));
        var error = Bodies.ErrorOf(await answer.Content.ReadAsStringAsync());
        Assert.Equal((type, code), (error.Type, error.Code));
        Assert.StartsWith("No money", error.Message, StringComparison.Ordinal);
        await NothingHappenedAsync(world, key);
    }

    [Theory]
    [InlineData(Bodies.Chat, "rate_limit_exceeded")]
    [InlineData(Bodies.Messages, "rate_limit_error")]
    public async Task Money_in_flight_is_to_be_retried(string path, string type)
    {
        await using var world = await World.StartAsync(options => options.DrainMs = 100);
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 1_000, TokensPerSecond = 1 };
        var key = await world.CreateKeyAsync(Dollar / 200);
        // All of the balance is held by a call that runs and will use next to nothing of it.
        using var first = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: true, most: 100_000));
        first.EnsureSuccessStatusCode();
        using var second = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: true, most: 100_000));
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(("true", "1", "1000"), (HeaderOf(second, "x-should-retry"), HeaderOf(second, "retry-after"), HeaderOf(second, "retry-after-ms")));
        var error = Bodies.ErrorOf(await second.Content.ReadAsStringAsync());
        Assert.Equal(type, error.Type);
        Assert.StartsWith("Money in flight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_tells_how_it_stands_as_OpenAI_does()
    {
        using var refused = await OverRateAsync(Bodies.Chat);
        Assert.Equal(("2", "0"), (HeaderOf(refused, "x-ratelimit-limit-requests"), HeaderOf(refused, "x-ratelimit-remaining-requests")));
        Assert.Matches("^([0-9]+m)?[0-9.]+s$", HeaderOf(refused, "x-ratelimit-reset-requests"));
        Assert.StartsWith("\"requests\";q=2;w=60", HeaderOf(refused, "ratelimit-policy"), StringComparison.Ordinal);
        var error = Bodies.ErrorOf(await refused.Content.ReadAsStringAsync());
        Assert.Equal(("requests", "rate_limit_exceeded"), (error.Type, error.Code));
    }

    [Fact]
    public async Task A_rate_tells_how_it_stands_as_Anthropic_does()
    {
        using var refused = await OverRateAsync(Bodies.Messages);
        Assert.Equal(("2", "0"), (HeaderOf(refused, "anthropic-ratelimit-requests-limit"), HeaderOf(refused, "anthropic-ratelimit-requests-remaining")));
        Assert.True(DateTimeOffset.TryParse(HeaderOf(refused, "anthropic-ratelimit-requests-reset"), out _));
        Assert.Equal("rate_limit_error", Bodies.ErrorOf(await refused.Content.ReadAsStringAsync()).Type);
    }

    [Theory]
    [InlineData(Bodies.Chat, "invalid_request_error", "invalid_api_key")]
    [InlineData(Bodies.Messages, "authentication_error", null)]
    public async Task Whom_nobody_knows_does_not_pass(string path, string type, string? code)
    {
        await using var world = await World.StartAsync();
        using var answer = await world.PostAsync(path, "enf_live_nobody", Bodies.Of(path, stream: false));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var error = Bodies.ErrorOf(await answer.Content.ReadAsStringAsync());
        Assert.Equal((type, code), (error.Type, error.Code));
        Assert.Equal(0, world.Upstream.Served.Started);
    }

    [Fact]
    public async Task A_suspended_account_is_forbidden_and_a_revoked_key_unknown()
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(Dollar);
        await world.Operator.SuspendAsync(new ChangeRequest { Account = key.Key.Account, Reason = "test" });
        using var suspended = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: false));
        Assert.Equal(HttpStatusCode.Forbidden, suspended.StatusCode);
        await world.Operator.RevokeKeyAsync(new RevokeKeyRequest { KeyId = key.Key.KeyId });
        using var revoked = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: false));
        Assert.Equal(HttpStatusCode.Unauthorized, revoked.StatusCode);
    }

    [Fact]
    public async Task An_unknown_model_is_told_with_near_names()
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: false, model: "gpt-5.4-minni"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var error = Bodies.ErrorOf(await answer.Content.ReadAsStringAsync());
        Assert.Equal("model_not_found", error.Code);
        Assert.Contains("gpt-5.4-mini", error.Message, StringComparison.Ordinal);
        await NothingHappenedAsync(world, key);
    }

    [Fact]
    public async Task Nothing_passes_while_Enforcer_cannot_be_reached()
    {
        await using var world = await World.StartAsync(options => options.EnforcerTimeoutMs = 200);
        var key = await world.CreateKeyAsync(Dollar);
        await world.StopServerAsync();
        foreach (var (path, type) in new[] { (Bodies.Chat, "server_error"), (Bodies.Messages, "overloaded_error") })
        {
            using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: false));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(type, Bodies.ErrorOf(await answer.Content.ReadAsStringAsync()).Type);
            Assert.Equal("true", HeaderOf(answer, "x-should-retry"));
        }
        Assert.Equal(0, world.Upstream.Served.Started);
        await world.StartServerAsync();
        await Patience.UntilAsync(async () =>
        {
            using var again = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: false));
            return again.IsSuccessStatusCode;
        }, "passing again by itself");
    }

    [Fact]
    public async Task An_Enforcer_that_says_nothing_is_not_waited_for_without_end()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var world = await World.StartAsync(options => (options.EnforcerTimeoutMs, options.Enforcer) = (200, $"http://{silent.LocalEndpoint}"));
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("1", HeaderOf(answer, "retry-after"));
        Assert.Equal("service_unavailable", Bodies.ErrorOf(await answer.Content.ReadAsStringAsync()).Code);
        Assert.Equal(0, world.Upstream.Served.Started);
    }

    private static async Task<HttpResponseMessage> OverRateAsync(string path)
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(Dollar, limits => limits.Requests = new RateLimit { PerMinute = 1, Burst = 2 });
        for (var i = 0; i < 2; i++)
            (await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: false))).EnsureSuccessStatusCode().Dispose();
        var refused = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: false));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        await refused.Content.LoadIntoBufferAsync();
        return refused;
    }

    private static async Task NothingHappenedAsync(World world, CreateKeyResponse key)
    {
        var account = await world.ViewAsync(key);
        Assert.Equal((0, 0, 0), (account.HeldNanos, account.CommittedNanos, account.OpenReservations));
        Assert.Equal(0, world.Upstream.Served.Started);
    }

    private static string HeaderOf(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}
