using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Protocols.OpenAi;

/// <summary><c>/v1/responses</c>.</summary>
internal sealed class ResponsesOperation : Operation
{
    public override Dialect Dialect => OpenAiDialect.Instance;

    public override CallRequest Read(JsonBody body, UpstreamSettings upstream, EdgeOptions options)
    {
        var root = body.Root;
        var model = PromptRules.Model(root);
        if (root.Truth("background"))
            throw new BadCallException("background is true, and nobody here would see what such a response costs; leave it out.", "background");
        var limits = Limits.Read(root, options, thinking: 0, "max_output_tokens");
        var facts = ResponsesPrompt.Read(root, upstream);
        return new CallRequest
        {
            Upstream = upstream,
            IsStream = root.Truth("stream"),
            ReasonsUnseen = ModelNames.Have(upstream.ReasoningModels, model) || facts.WebSearches > 0,
            Estimate = new CallEstimate
            {
                Provider = upstream.Provider,
                Model = model,
                PromptTokens = facts.MostPromptTokens(body.Length),
                OutputTokens = limits.Most,
                LeastOutputTokens = limits.Least,
                Pools = PromptRules.Pools(facts, audioOut: 0),
                Terms = TermsOf.Call(root.Text("service_tier"), isFast: false, region: null, upstream),
            },
            BodyFor = granted =>
            {
                limits.Lower(body, granted);
                return body.ToBytes();
            },
            NewTally = static () => new ResponsesTally(),
        };
    }
}
