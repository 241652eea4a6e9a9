using System.Net;
using System.Net.Http.Headers;
using Enforcer.Edge.Tests.Support;

namespace Enforcer.Edge.Tests.EndToEnd;

/// <summary>Whatever is sent: a clear error in the provider's shape, nothing held, nothing called.</summary>
public sealed class BadInputTests
{
    private const string Malformed = "invalid_request_error";

    public static TheoryData<string, string, int, string, string> Bad => new()
    {
        { Bodies.Chat, "{not json", 400, Malformed, "JSON" },
        { Bodies.Messages, "{not json", 400, Malformed, "JSON" },
        { Bodies.Responses, "", 400, Malformed, "JSON" },
        { Bodies.Chat, """{"model":"gpt-5.4-mini","max_tokens":1,"max_tokens":99,"messages":[]}""", 400, Malformed, "JSON" },
        { Bodies.Messages, """{"model":"claude-sonnet-4-6","messages":[]}""", 400, Malformed, "max_tokens" },
        { Bodies.Messages, """{"model":"claude-sonnet-4-6","max_tokens":-1,"messages":[]}""", 400, Malformed, "-1" },
        { Bodies.Chat, """{"model":"gpt-5.4-mini","max_tokens":1e30,"messages":[]}""", 400, Malformed, "1e30" },
        { Bodies.Chat, """{"model":"no-such-model-at-all","messages":[]}""", 404, Malformed, "no-such-model-at-all" },
        { Bodies.Messages, """{"model":"no-such-model-at-all","max_tokens":9,"messages":[]}""", 404, "not_found_error", "no-such-model-at-all" },
        { "/v1/completions", "{}", 404, Malformed, "/v1/completions" },
        { "/v1/messages/batches", "{}", 404, "not_found_error", "/v1/messages/batches" },
        { "/V1/CHAT/COMPLETIONS", "{}", 404, Malformed, "not offered" },
        { "/v1//chat/completions", "{}", 404, Malformed, "not offered" },
        { "/v1/chat%2Fcompletions", "{}", 404, Malformed, "not offered" },
        { "/v1/chat/completions/", "{}", 404, Malformed, "not offered" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Gets_a_clear_error(string path, string body, int status, string type, string words)
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(1_000_000_000);
        using var answer = await world.PostAsync(path, key.Secret, body);
        Assert.Equal(status, (int)answer.StatusCode);
        var error = Bodies.ErrorOf(await answer.Content.ReadAsStringAsync());
        Assert.Equal(type, error.Type);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        await NothingHappenedAsync(world, key.Key.Account);
    }

    [Theory]
    [InlineData(Bodies.Chat, "invalid_request_error")]
    [InlineData(Bodies.Messages, "request_too_large")]
    public async Task Ten_megabytes_are_too_much(string path, string type)
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(1_000_000_000);
        using var answer = await world.PostAsync(path, key.Secret, Bodies.Of(path, stream: false, text: new string('x', 10_000_000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(type, Bodies.ErrorOf(await answer.Content.ReadAsStringAsync()).Type);
        await NothingHappenedAsync(world, key.Key.Account);
    }

    [Theory]
    [InlineData(Bodies.Chat, "x-api-key", "{0}", "wrong header")]
    [InlineData(Bodies.Chat, "api-key", "{0}", "wrong header")]
    [InlineData(Bodies.Chat, "Authorization", "{0}", "Bearer")]
    [InlineData(Bodies.Chat, "Authorization", "Basic {0}", "Bearer")]
    [InlineData(Bodies.Chat, "x-other", "{0}", "no key")]
    [InlineData(Bodies.Messages, "api-key", "{0}", "wrong header")]
    [InlineData(Bodies.Messages, "Authorization", "Basic {0}", "wrong header")]
    [InlineData(Bodies.Messages, "x-other", "{0}", "no key")]
    public async Task A_key_in_the_wrong_header_is_told(string path, string header, string value, string words)
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(1_000_000_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(world.Edge.Address, path))
        {
            Content = new StringContent(Bodies.Of(path, stream: false), new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation(header, string.Format(null, value, key.Secret));
        using var answer = await world.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains(words, Bodies.ErrorOf(await answer.Content.ReadAsStringAsync()).Message, StringComparison.Ordinal);
        await NothingHappenedAsync(world, key.Key.Account);
    }

    [Fact]
    public async Task A_method_that_a_path_does_not_have_does_not_pass()
    {
        await using var world = await World.StartAsync();
        using var answer = await world.Http.GetAsync(new Uri(world.Edge.Address, Bodies.Chat));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task NothingHappenedAsync(World world, string account)
    {
        var view = await world.Operator.GetAccountAsync(new() { Account = account });
        Assert.Equal((0, 0, 0), (view.HeldNanos, view.CommittedNanos, view.OpenReservations));
        Assert.Equal(0, world.Upstream.Served.Started);
        await Patience.UntilAsync(() => Task.FromResult(world.Edge.OpenCalls == 0), "forgetting what was refused");
    }
}
