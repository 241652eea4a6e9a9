namespace Enforcer.Edge.Options;

/// <summary>One provider's account, as the operator holds it.</summary>
public sealed class UpstreamSettings
{
    /// <summary>A name for logs and for <see cref="ListedPath.Upstream"/>.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>openai</c> or <c>anthropic</c>.</summary>
    public string Protocol { get; set; } = "";

    /// <summary>Who sells its models, as rate cards name it; empty: whoever alone lists the model.</summary>
    public string Provider { get; set; } = "";

    /// <summary>Scheme, host and port, and a path before <c>/v1</c> if there is one.</summary>
    public string Url { get; set; } = "";

    /// <summary>The operator's secret there. Better kept in a variable: see <see cref="SecretVariable"/>.</summary>
    public string Secret { get; set; } = "";

    /// <summary>The variable of the environment that holds the secret.</summary>
    public string SecretVariable { get; set; } = "";

    /// <summary>The models that go here: names, or beginnings with a star at the end; empty: all.</summary>
    public IList<string> Models { get; } = [];

    /// <summary>Whether it keeps to a request's limit on output. Where not, streams are extended while they run, and cut when that is refused.</summary>
    public bool KeepsLimits { get; set; } = true;

    /// <summary>The field that limits a chat completion where the request has none.</summary>
    public string ChatLimitField { get; set; } = "max_completion_tokens";

    /// <summary>Models that reason out of sight, so that a stream that breaks off says nothing about what was generated; stars as above.</summary>
    public IList<string> ReasoningModels { get; } = [];

    /// <summary>The most web searches that a call may make; 0: requests for web search are refused.</summary>
    public int WebSearches { get; set; }

    /// <summary>The most tokens that one web search adds to the prompt.</summary>
    public int TokensPerWebSearch { get; set; } = 25_000;

    /// <summary>The most tokens that context kept by the provider (earlier responses, stored prompts) adds; 0: requests for it are refused.</summary>
    public long StoredContextTokens { get; set; }

    /// <summary>The most tokens that a file or document comes to; 0: requests with one are refused.</summary>
    public long FileTokens { get; set; }

    /// <summary>The service tiers that a call which names none may be billed on.</summary>
    public IList<string> UsualTiers { get; } = [];
}
