using System.Text.Json;
using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Protocols;

/// <summary>What both providers' prompts have in common: what has a bound only if the operator states one.</summary>
internal static class PromptRules
{
    private const string ImagePrefix = "data:image/";

    /// <summary>A file whose tokens only the provider can count.</summary>
    public static void File(PromptFacts facts, UpstreamSettings upstream, string field)
    {
        if (upstream.FileTokens == 0)
            throw new BadCallException($"{field} is a file, and nobody here can say how many tokens it comes to; send its text. (Operators may set file_tokens.)", field);
        facts.UnseenTokens += upstream.FileTokens;
    }

    /// <summary>Context that the provider keeps and bills again.</summary>
    public static void StoredContext(PromptFacts facts, JsonElement root, UpstreamSettings upstream, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (root.Field(field) is null)
                continue;
            if (upstream.StoredContextTokens == 0)
            {
                throw new BadCallException(
                    $"{field} refers to text that the provider keeps and bills, and nobody here can say how long it is; send the text itself. (Operators may set stored_context_tokens.)", field);
            }
            facts.UnseenTokens += upstream.StoredContextTokens;
        }
    }

    /// <summary>Web searches, each of which costs a fee and adds pages to the prompt.</summary>
    public static void WebSearches(PromptFacts facts, UpstreamSettings upstream, long? asked, string field)
    {
        if (upstream.WebSearches == 0)
            throw new BadCallException($"{field} asks for web searches, which are not let through here. (Operators may set web_searches.)", field);
        if (asked > upstream.WebSearches)
            throw new BadCallException($"{field} allows {asked} web searches; {upstream.WebSearches} is the most here.", field);
        var most = asked ?? upstream.WebSearches;
        facts.WebSearches += most;
        facts.UnseenTokens += most * upstream.TokensPerWebSearch;
    }

    /// <summary>An image by its address; inside a data address its bytes are no text.</summary>
    public static void Image(PromptFacts facts, JsonElement? address)
    {
        facts.Images++;
        if (address is { ValueKind: JsonValueKind.String } text && text.GetString() is { } url && url.StartsWith(ImagePrefix, StringComparison.OrdinalIgnoreCase))
            facts.MediaBytes += url.Length;
    }

    /// <summary>The pools of a call besides its prompt and its answer.</summary>
    public static List<MeterPool> Pools(PromptFacts facts, long audioOut)
    {
        var pools = new List<MeterPool>();
        if (facts.AudioBytes > 0)
            pools.Add(new MeterPool(facts.AudioBytes, MeterGroup.Of(UsageMeters.InputAudio, UsageMeters.InputAudioCached)));
        if (audioOut > 0)
            pools.Add(MeterPool.Of(audioOut, UsageMeters.OutputAudio));
        if (facts.WebSearches > 0)
            pools.Add(MeterPool.Of(facts.WebSearches, UsageMeters.WebSearch));
        return pools;
    }

    /// <summary>The model of a request, in a form that can be priced.</summary>
    public static string Model(JsonElement root)
    {
        const int MostBytes = 128;
        var model = root.Text("model");
        if (string.IsNullOrWhiteSpace(model))
            throw new BadCallException("model is missing; name the model to call.", "model");
        foreach (var c in model)
        {
            if (c is < '!' or > '~')
                throw new BadCallException($"model holds U+{(int)c:X4}; names of models are printable ASCII without spaces.", "model");
        }
        return model.Length <= MostBytes ? model : throw new BadCallException($"model has {model.Length} characters; {MostBytes} is the most.", "model");
    }
}
