using System.Text;
using Enforcer.Edge.Options;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Protocols.Anthropic;
using Enforcer.Edge.Protocols.OpenAi;
using Enforcer.Edge.Requests;

namespace Enforcer.Edge.Tests.Support;

/// <summary>Reads requests as the gateway does, without a server.</summary>
internal static class Calls
{
    public static EdgeOptions Options => new() { DefaultOutputTokens = 1_000, LeastOutputTokens = 10, MostOutputTokens = 5_000 };

    public static UpstreamSettings Upstream => new() { Name = "simulated", Provider = "any", Url = "http://127.0.0.1:1" };

    /// <summary>"chat", "responses", "embeddings" or "messages".</summary>
    public static Operation Operation(string name) => name switch
    {
        "chat" => new ChatOperation(),
        "responses" => new ResponsesOperation(),
        "embeddings" => new EmbeddingsOperation(),
        _ => new MessagesOperation(),
    };

    public static CallRequest Read(string operation, string body, Action<UpstreamSettings>? configure = null)
    {
        var upstream = Upstream;
        configure?.Invoke(upstream);
        return Operation(operation).Read(JsonBody.Parse(Encoding.UTF8.GetBytes(body)), upstream, Options);
    }

    /// <summary>The body as it goes to the upstream when so many output tokens were granted.</summary>
    public static string Sent(string operation, string body, long granted) => Encoding.UTF8.GetString(Read(operation, body).BodyFor(granted));
}
