using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Protocols.OpenAi;

/// <summary><c>/v1/embeddings</c>: a prompt, and nothing generated.</summary>
internal sealed class EmbeddingsOperation : Operation
{
    public override Dialect Dialect => OpenAiDialect.Instance;

    public override CallRequest Read(JsonBody body, UpstreamSettings upstream, EdgeOptions options)
    {
        var model = PromptRules.Model(body.Root);
        if (body.Root.Field("input") is null)
            throw new BadCallException("input is missing; give a text or a list of texts.", "input");
        return new CallRequest
        {
            Upstream = upstream,
            Estimate = new CallEstimate
            {
                Provider = upstream.Provider,
                Model = model,
                PromptTokens = new PromptFacts().MostPromptTokens(body.Length),
            },
            BodyFor = _ => body.ToBytes(),
            NewTally = static () => new ChatTally(hidesUsage: false),
        };
    }
}
