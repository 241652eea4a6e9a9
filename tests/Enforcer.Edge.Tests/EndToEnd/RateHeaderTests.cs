using System.Net;
using Enforcer.Edge.Tests.Support;
using Enforcer.Protocol.V1;

namespace Enforcer.Edge.Tests.EndToEnd;

/// <summary>Every answer tells how the customer's own rates stand, as his provider's do; nothing tells how the operator's stand.</summary>
public sealed class RateHeaderTests
{
    private const long Dollar = 1_000_000_000;

    [Theory]
    [InlineData(Bodies.Chat, false, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests")]
    [InlineData(Bodies.Responses, true, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests")]
    [InlineData(Bodies.Embeddings, false, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests")]
    [InlineData(Bodies.Messages, false, "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining")]
    [InlineData(Bodies.Messages, true, "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining")]
    public async Task Each_answer_tells_what_remains(string path, bool stream, string limit, string remaining)
    {
        await using var world = await World.StartAsync();
        // So slow that nothing comes back while the test runs.
        var key = await world.CreateKeyAsync(Dollar, limits => limits.Requests = new RateLimit { PerMinute = 1, Burst = 100 });
        for (var left = 99; left > 95; left--)
        {
            using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("100", HeaderOf(answer, limit));
            Assert.InRange(int.Parse(HeaderOf(answer, remaining), null), left, left + 1);
            Assert.StartsWith("\"requests\";q=100;w=60", HeaderOf(answer, "ratelimit-policy"), StringComparison.Ordinal);
            await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task Tokens_are_told_as_well_and_so_is_a_failure_of_the_upstream()
    {
        await using var world = await World.StartAsync();
        world.Upstream.Script = _ => new() { FailWithStatus = 500 };
        var key = await world.CreateKeyAsync(Dollar, limits => limits.Tokens = new RateLimit { PerMinute = 1_000, Burst = 100_000 });
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: false));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("100000", HeaderOf(answer, "x-ratelimit-limit-tokens"));
        Assert.InRange(int.Parse(HeaderOf(answer, "x-ratelimit-remaining-tokens"), null), 90_000, 99_999);
        Assert.Matches("^([0-9]+m)?[0-9.]+m?s$", HeaderOf(answer, "x-ratelimit-reset-tokens"));
        Assert.Equal("", HeaderOf(answer, "x-ratelimit-limit-requests"));
    }

    [Fact]
    public async Task Who_has_no_rate_is_told_of_none()
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(Dollar);
        using var answer = await world.PostAsync(Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: false));
        Assert.DoesNotContain(answer.Headers, header => header.Key.Contains("ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    private static string HeaderOf(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}
