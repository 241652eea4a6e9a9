using System.Text.Json;
using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;
using Enforcer.Edge.Spending;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Protocols.Anthropic;

/// <summary><c>/v1/messages</c>.</summary>
internal sealed class MessagesOperation : Operation
{
    public override Dialect Dialect => AnthropicDialect.Instance;

    public override CallRequest Read(JsonBody body, UpstreamSettings upstream, EdgeOptions options)
    {
        var root = body.Root;
        var model = PromptRules.Model(root);
        if (root.Field("max_tokens") is null)
            throw new BadCallException("max_tokens: Field required; give the most tokens that may be generated.", "max_tokens");
        var thinking = root.Field("thinking");
        var budget = thinking?.Count("budget_tokens") ?? 0;
        var limits = Limits.Read(root, options, budget, "max_tokens");
        if (budget >= limits.Most)
            throw new BadCallException($"thinking.budget_tokens is {budget} and must be less than max_tokens, of which {limits.Most} is the most here.", "thinking");
        var facts = MessagesPrompt.Read(root, upstream);
        return new CallRequest
        {
            Upstream = upstream,
            IsStream = root.Truth("stream"),
            // What is shown of thinking is a summary of what is billed.
            ReasonsUnseen = thinking?.Text("type") is not (null or "disabled") || ModelNames.Have(upstream.ReasoningModels, model) || facts.WebSearches > 0,
            Estimate = new CallEstimate
            {
                Provider = upstream.Provider,
                Model = model,
                PromptTokens = facts.MostPromptTokens(body.Length),
                OutputTokens = limits.Most,
                LeastOutputTokens = limits.Least,
                Pools = PromptRules.Pools(facts, audioOut: 0),
                Terms = TermsOf.Call(root.Text("service_tier"), root.Text("speed") == "fast", root.Text("inference_geo"), upstream),
                PromptMeter = DearestOf(root),
            },
            BodyFor = granted =>
            {
                limits.Lower(body, granted);
                return body.ToBytes();
            },
            NewTally = static () => new MessagesTally(),
        };
    }

    /// <summary>Only what asks for a cache is written to one, at more than the price of plain input.</summary>
    private static UsageMeter DearestOf(JsonElement root)
    {
        var text = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(root);
        if (text.IndexOf("cache_control"u8) < 0)
            return UsageMeters.Input;
        return text.IndexOf("\"1h\""u8) < 0 ? UsageMeters.CacheWrite5m : UsageMeters.CacheWrite1h;
    }
}
