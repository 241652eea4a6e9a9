using Enforcer.Edge.Tests.Support;
using Enforcer.Foreign;
using Google.Protobuf.Reflection;

namespace Enforcer.Edge.Tests.EndToEnd;

/// <summary>The official <c>openai</c> and <c>@anthropic-ai/sdk</c> npm packages against the edge, and the books afterwards.</summary>
[Trait("needs", "foreign")]
public sealed class OfficialSdkTests
{
    private const long Dollar = 1_000_000_000;

    [Theory]
    [InlineData("chat")]
    [InlineData("chat_stream")]
    [InlineData("chat_stream_usage")]
    [InlineData("responses")]
    [InlineData("responses_stream")]
    [InlineData("embeddings")]
    [InlineData("models")]
    [InlineData("messages")]
    [InlineData("messages_stream")]
    [InlineData("count_tokens")]
    [InlineData("wrong_key")]
    [InlineData("unknown_model")]
    public Task Work_as_they_do_against_the_providers(string scenario) => RunAsync(scenario, Dollar);

    [Fact]
    public Task Do_not_try_again_when_the_money_is_out() => RunAsync("refused", capNanos: 10);

    [Fact]
    public Task Spend_a_key_up_to_its_cap_and_no_further() => RunAsync("until_refused", Dollar / 50);

    private static async Task RunAsync(string scenario, long capNanos)
    {
        await using var world = await World.StartAsync();
        var key = await world.CreateKeyAsync(capNanos);
        await ForeignPeer.RunAsync("node", "sdk_client", new FileDescriptorSet(), scenario, world.Edge.Address.ToString(), key.Secret);
        var account = await world.SettledAsync(key);
        Assert.Equal(Prices.Of(world.Upstream.Served.All), account.CommittedNanos);
        Assert.InRange(account.CommittedNanos, 0, capNanos);
        Assert.Equal(0, account.HeldNanos);
    }
}
