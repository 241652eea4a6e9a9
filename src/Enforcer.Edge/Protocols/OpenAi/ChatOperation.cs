using System.Text.Json;
using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Protocols.OpenAi;

/// <summary><c>/v1/chat/completions</c>.</summary>
internal sealed class ChatOperation : Operation
{
    private const int MostChoices = 128;

    public override Dialect Dialect => OpenAiDialect.Instance;

    public override CallRequest Read(JsonBody body, UpstreamSettings upstream, EdgeOptions options)
    {
        var root = body.Root;
        var model = PromptRules.Model(root);
        var choices = root.Count("n") ?? 1;
        if (choices > MostChoices)
            throw new BadCallException($"n is {choices}; {MostChoices} is the most.", "n");
        var limits = LimitsOf(root, options, upstream);
        var facts = ChatPrompt.Read(root, upstream);
        var speaks = root.List("modalities").Any(kind => kind.ValueKind == JsonValueKind.String && kind.ValueEquals("audio"));
        var isStream = root.Truth("stream");
        var hides = isStream && AskForUsage(body);
        return new CallRequest
        {
            Upstream = upstream,
            IsStream = isStream,
            HidesUsage = hides,
            ReasonsUnseen = speaks || facts.WebSearches > 0 || ModelNames.Have(upstream.ReasoningModels, model),
            Estimate = new CallEstimate
            {
                Provider = upstream.Provider,
                Model = model,
                PromptTokens = facts.MostPromptTokens(body.Length),
                OutputTokens = (limits.Most * choices) + facts.ExtraOutputTokens,
                LeastOutputTokens = (limits.Least * choices) + facts.ExtraOutputTokens,
                Pools = PromptRules.Pools(facts, speaks ? limits.Most * choices : 0),
                Terms = TermsOf.Call(root.Text("service_tier"), isFast: false, region: null, upstream),
            },
            BodyFor = granted =>
            {
                limits.Lower(body, (granted - facts.ExtraOutputTokens) / choices);
                return body.ToBytes();
            },
            NewTally = () => new ChatTally(hides),
        };
    }

    private static Limits LimitsOf(JsonElement root, EdgeOptions options, UpstreamSettings upstream) => upstream.ChatLimitField == "max_tokens"
        ? Limits.Read(root, options, thinking: 0, "max_tokens", "max_completion_tokens")
        : Limits.Read(root, options, thinking: 0, "max_completion_tokens", "max_tokens");

    /// <summary>A stream must end with its usage, whether the customer asked for it or not.</summary>
    /// <returns>Whether the edge asked in his place.</returns>
    private static bool AskForUsage(JsonBody body)
    {
        const string Options = "stream_options", Usage = "include_usage";
        if (!body.Root.TryGetProperty(Options, out var options))
        {
            body.Insert(body.Root, Options, $$"""{"{{Usage}}":true}""");
            return true;
        }
        if (options.ValueKind == JsonValueKind.Null)
        {
            body.Replace(options, $$"""{"{{Usage}}":true}""");
            return true;
        }
        if (options.ValueKind != JsonValueKind.Object)
            throw new BadCallException($"{Options} is {JsonFields.KindOf(options)}; give an object.", Options);
        if (options.Truth(Usage))
            return false;
        if (options.TryGetProperty(Usage, out var no))
            body.Replace(no, "true");
        else
            body.Insert(options, Usage, "true");
        return true;
    }
}
