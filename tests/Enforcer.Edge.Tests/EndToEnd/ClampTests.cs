using System.Net;
using Enforcer.Edge.Tests.Support;
using Enforcer.SimulatedUpstream;

namespace Enforcer.Edge.Tests.EndToEnd;

/// <summary>Agents with huge limits on small balances: they get what the balance allows, and then a refusal; never a nano more.</summary>
public sealed class ClampTests
{
    [Theory]
    [InlineData(Bodies.Chat, "\"finish_reason\":\"length\"")]
    [InlineData(Bodies.Responses, "max_output_tokens")]
    [InlineData(Bodies.Messages, "\"stop_reason\":\"max_tokens\"")]
    public async Task A_huge_limit_is_lowered_to_the_balance(string path, string reason)
    {
        await using var world = await World.StartAsync();
        CallRequest? seen = null;
        world.Upstream.Script = request =>
        {
            seen = request;
            return new CallPlan { OutputTokens = 100_000 };
        };
        var key = await world.CreateKeyAsync(20_000_000);
        using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: true, most: 100_000));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        Assert.Contains(reason, body, StringComparison.Ordinal);
        Assert.InRange(seen!.MostTokens!.Value, 16, 20_000);
        var account = await world.SettledAsync(key);
        Assert.Equal(Prices.Of(world.Upstream.Served.All), account.CommittedNanos);
        Assert.InRange(account.CommittedNanos, 1, 20_000_000);
        Assert.Equal(0, account.HeldNanos);
    }

    [Theory]
    [InlineData(Bodies.Chat)]
    [InlineData(Bodies.Responses)]
    [InlineData(Bodies.Messages)]
    public async Task An_absurd_limit_is_lowered_to_the_most_there_is(string path)
    {
        await using var world = await World.StartAsync();
        CallRequest? seen = null;
        world.Upstream.Script = request =>
        {
            seen = request;
            return new CallPlan { OutputTokens = 5 };
        };
        var key = await world.CreateKeyAsync(1_000_000_000_000);
        using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: false, most: 9_000_000_000_000_000));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(128_000, seen!.MostTokens);
        Assert.Equal(Prices.Of(world.Upstream.Served.All), (await world.SettledAsync(key)).CommittedNanos);
    }

    [Fact]
    public async Task An_answer_in_one_piece_cannot_be_cut_so_its_limit_is_lowered_for_every_upstream()
    {
        await using var world = await World.StartAsync(options => options.Upstreams[0].KeepsLimits = false);
        CallRequest? seen = null;
        world.Upstream.Script = request =>
        {
            seen = request;
            return new CallPlan { OutputTokens = 5 };
        };
        var key = await world.CreateKeyAsync(20_000_000);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: false, most: 100_000));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange(seen!.MostTokens!.Value, 16, 20_000);
    }

    [Fact]
    public async Task A_key_is_used_up_to_its_cap_and_then_refused()
    {
        const long Cap = 30_000_000;
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(Cap);
        var calls = 0;
        while (true)
        {
            using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: calls % 2 == 0, most: null));
            await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                break;
            answer.EnsureSuccessStatusCode();
            calls++;
        }
        Assert.True(calls > 20, $"{calls} calls");
        var account = await world.SettledAsync(key);
        Assert.Equal(Prices.Of(world.Upstream.Served.All), account.CommittedNanos);
        // So little is left that not even the least answer could be paid for.
        Assert.InRange(account.CommittedNanos, Cap * 98 / 100, Cap);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(100)]
    public async Task Many_streams_on_one_key_never_spend_more_than_it_has(int percent)
    {
        const int Streams = 200;
        await using var world = await World.StartAsync();
        var plan = new CallPlan { OutputTokens = 50, TokensPerSecond = 500 };
        world.Upstream.Script = _ => plan;
        var body = Bodies.Of(Bodies.Chat, stream: true, most: 50);
        var rich = await world.CreateKeyAsync(1_000_000_000_000);
        using (var first = await world.PostAsync(Bodies.Chat, rich.Secret, body))
            await first.Content.ReadAsStringAsync();
        var each = (await world.SettledAsync(rich)).CommittedNanos;

        var poor = await world.CreateKeyAsync(each * Streams * percent / 100);
        var answers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(async _ =>
        {
            using var answer = await world.PostAsync(Bodies.Chat, poor.Secret, body);
            await answer.Content.ReadAsStringAsync();
            return answer.StatusCode;
        }));
        var account = await world.SettledAsync(poor);
        var passed = answers.Count(status => status == HttpStatusCode.OK);
        Assert.All(answers, status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests));
        Assert.Equal(Prices.Of(world.Upstream.Served.All) - each, account.CommittedNanos);
        Assert.True(account.CommittedNanos <= each * Streams * percent / 100);
        Assert.True(passed > 0);
        Assert.Equal(0, account.HeldNanos);
    }
}
