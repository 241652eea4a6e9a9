using System.Net;
using Enforcer.Edge.Options;
using Enforcer.Edge.Tests.Support;
using Enforcer.SimulatedUpstream;

namespace Enforcer.Edge.Tests.EndToEnd;

/// <summary>Calls that pass: the customer gets what the upstream sent, and what is booked is what it served, to the nano.</summary>
public sealed class PassingTests
{
    private const long Dollar = 1_000_000_000;

    public static TheoryData<string, bool> Kinds => new()
    {
        { Bodies.Chat, false }, { Bodies.Chat, true }, { Bodies.Responses, false }, { Bodies.Responses, true },
        { Bodies.Messages, false }, { Bodies.Messages, true }, { Bodies.Embeddings, false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_call_is_booked_at_what_was_served(string path, bool stream)
    {
        await using var world = await World.StartAsync(upstream: new UpstreamOptions { CachedPercent = 20, CacheWritePercent = 10, ReasoningPercent = 25 });
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        var served = Assert.Single(world.Upstream.Served.All);
        Assert.True(served.IsWhole);
        var account = await world.SettledAsync(key);
        Assert.Equal((Prices.Of(served), 0), (account.CommittedNanos, account.HeldNanos));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_chunk_with_the_usage_is_there_for_whom_asked_for_it(bool asks)
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(Dollar);
        var asked = asks ? ""","stream_options":{"include_usage":true}""" : "";
        var body = Bodies.Of(Bodies.Chat, stream: true).Replace("\"stream\":true", "\"stream\":true" + asked);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, body);
        var events = Bodies.EventsOf(await answer.Content.ReadAsStringAsync()).ToList();
        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal(asks, events.Exists(one => one.Contains("\"choices\":[]", StringComparison.Ordinal)));
        Assert.Equal(Prices.Of(world.Upstream.Served.All), (await world.SettledAsync(key)).CommittedNanos);
    }

    [Fact]
    public async Task Pieces_come_as_they_are_sent()
    {
        await using var world = await World.StartAsync();
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 2, TokensPerSecond = 1 };
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true));
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var first = new byte[4096];
        Assert.True(await stream.ReadAsync(first) > 0);
        // The upstream is still at it: a buffering proxy would have nothing to show yet.
        Assert.Empty(world.Upstream.Served.All);
    }

    [Fact]
    public async Task Keys_stay_here_and_the_secret_goes_there()
    {
        await using var world = await World.StartAsync();
        var seen = new List<string>();
        world.Upstream.OnHeaders = headers => seen.AddRange(headers.SelectMany(header => header.Value.Select(value => $"{header.Key}: {value}")));
        var key = await world.CreateKeyAsync(Dollar);
        foreach (var path in new[] { Bodies.Chat, Bodies.Messages })
            (await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: false))).EnsureSuccessStatusCode().Dispose();
        Assert.DoesNotContain(seen, header => header.Contains(key.Secret, StringComparison.Ordinal));
        Assert.Contains($"Authorization: Bearer {World.Secret}", seen);
        Assert.Contains($"x-api-key: {World.Secret}", seen);
        Assert.Contains("anthropic-version: 2023-06-01", seen);
    }

    [Fact]
    public async Task Lists_of_models_and_counting_cost_nothing_but_need_a_key()
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(Dollar);
        using var count = await world.PostAsync("/v1/messages/count_tokens", key.Secret, Bodies.Of(Bodies.Messages, stream: false));
        Assert.Contains("input_tokens", await count.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var models = new HttpRequestMessage(HttpMethod.Get, new Uri(world.Edge.Address, "/v1/models"));
        using var nobody = await world.Http.SendAsync(models);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(world.Edge.Address, "/v1/models"));
        again.Headers.Authorization = new("Bearer", key.Secret);
        using var list = await world.Http.SendAsync(again);
        Assert.Contains("gpt-5.4-mini", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await world.SettledAsync(key)).CommittedNanos);
    }

    [Fact]
    public async Task A_listed_path_costs_its_price()
    {
        await using var world = await World.StartAsync(options => options.Paths.Add(new ListedPath { Path = "/v1/moderations", Upstream = "openai", PriceNanos = 1_234 }));
        var key = await world.CreateKeyAsync(2_000);
        (await world.PostAsync("/v1/moderations", key.Secret, "{}")).EnsureSuccessStatusCode().Dispose();
        Assert.Equal(1_234, (await world.SettledAsync(key)).CommittedNanos);
        using var second = await world.PostAsync("/v1/moderations", key.Secret, "{}");
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
    }

    [Theory]
    [InlineData(Bodies.Chat, true)]
    [InlineData(Bodies.Messages, false)]
    public async Task A_failure_of_the_upstream_passes_and_costs_nothing(string path, bool stream)
    {
        await using var world = await World.StartAsync();
        world.Upstream.Script = _ => new CallPlan { FailWithStatus = 529 };
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream));
        Assert.Equal(529, (int)answer.StatusCode);
        Assert.Equal("simulated failure", Bodies.ErrorOf(await answer.Content.ReadAsStringAsync()).Message);
        Assert.Equal(0, (await world.SettledAsync(key)).CommittedNanos);
    }

    [Fact]
    public async Task A_refused_secret_is_the_operators_business()
    {
        await using var world = await World.StartAsync(options =>
        {
            foreach (var upstream in options.Upstreams)
                upstream.Secret = "old";
        });
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: false));
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await world.SettledAsync(key)).CommittedNanos);
    }
}
