namespace Enforcer.Server.Options;

/// <summary>Which account a descriptor of Envoy's rate limit service means, and what its hits are. The first rule that fits counts.</summary>
public sealed class EnvoyRule
{
    /// <summary>The domain that Envoy's filter is configured with; empty: any.</summary>
    public string Domain { get; set; } = "";

    /// <summary>The key of the descriptor's entry whose value names the account.</summary>
    public string Entry { get; set; } = "";

    /// <summary>What the value is: <c>key</c> (the customer's secret) or <c>account</c> (its id).</summary>
    public string Names { get; set; } = "key";

    /// <summary>What hits are: <c>requests</c> or <c>tokens</c>.</summary>
    public string Hits { get; set; } = "requests";

    /// <summary>What one hit costs, in nanos of the account's unit: 0 to 2⁵³.</summary>
    public long HitNanos { get; set; }
}
