using Enforcer.Edge.Options;
using Enforcer.Edge.Protocols.Anthropic;
using Enforcer.Edge.Protocols.OpenAi;

namespace Enforcer.Edge.Protocols;

/// <summary>Which paths pass. No other does, so nothing passes unmetered.</summary>
internal sealed class Routes
{
    private const string Post = "POST";
    private const string Get = "GET";
    private const string ModelsPath = "/v1/models";
    private const string CountTokensPath = "/v1/messages/count_tokens";
    private static readonly Dictionary<string, Route> Metered = new()
    {
        ["/v1/chat/completions"] = new Route("/v1/chat/completions", new ChatOperation(), null, null),
        ["/v1/responses"] = new Route("/v1/responses", new ResponsesOperation(), null, null),
        ["/v1/embeddings"] = new Route("/v1/embeddings", new EmbeddingsOperation(), null, null),
        ["/v1/messages"] = new Route("/v1/messages", new MessagesOperation(), null, null),
    };

    private static readonly Route CountTokens = new(CountTokensPath, null, new FlatOperation(AnthropicDialect.Instance, priceNanos: 0), null);
    private static readonly Route AnthropicModels = new(ModelsPath, null, new FlatOperation(AnthropicDialect.Instance, priceNanos: 0), null);
    private static readonly Route OpenAiModels = new(ModelsPath, null, new FlatOperation(OpenAiDialect.Instance, priceNanos: 0), null);
    private readonly Dictionary<(string Method, string Path), Route> _listed = [];

    public Routes(EdgeOptions options)
    {
        foreach (var path in options.Paths)
        {
            var upstream = options.Upstreams.First(candidate => candidate.Name == path.Upstream);
            _listed[(path.Method.ToUpperInvariant(), path.Path)] = new Route(path.Path, null, new FlatOperation(Dialect.Find(upstream.Protocol)!, path.PriceNanos), upstream);
        }
    }

    /// <summary>Whether a path is let through without being listed.</summary>
    public static bool IsOwn(string method, string path) => FindOwn(method, path, isAnthropic: false) is not null;

    /// <summary>The route of a request; null if it does not pass.</summary>
    public Route? Find(HttpRequest request)
    {
        var (method, path) = (request.Method, request.Path.Value ?? "");
        return FindOwn(method, path, IsAnthropic(request)) ?? _listed.GetValueOrDefault((method, path));
    }

    /// <summary>Whose shape an answer has where no route says so.</summary>
    public static Dialect Guess(HttpRequest request) => IsAnthropic(request) ? AnthropicDialect.Instance : OpenAiDialect.Instance;

    private static Route? FindOwn(string method, string path, bool isAnthropic)
    {
        if (method == Post && Metered.TryGetValue(path, out var metered))
            return metered;
        if (method == Post && path == CountTokensPath)
            return CountTokens;
        if (method == Get && IsModels(path))
            return isAnthropic ? AnthropicModels : OpenAiModels;
        return null;
    }

    /// <summary>The list of models, or one of them.</summary>
    private static bool IsModels(string path) => path == ModelsPath
        || (path.StartsWith(ModelsPath + "/", StringComparison.Ordinal) && path.AsSpan(ModelsPath.Length + 1).IndexOfAny('/', '\\', '%') < 0
            && !path.EndsWith("..", StringComparison.Ordinal));

    private static bool IsAnthropic(HttpRequest request) =>
        request.Headers.ContainsKey("anthropic-version") || request.Headers.ContainsKey("x-api-key")
        || request.Path.StartsWithSegments("/v1/messages", StringComparison.Ordinal);
}
