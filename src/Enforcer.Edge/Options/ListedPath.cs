namespace Enforcer.Edge.Options;

/// <summary>A path of a provider that the operator lets pass, at a flat price a call.</summary>
public sealed class ListedPath
{
    /// <summary>The method.</summary>
    public string Method { get; set; } = "POST";

    /// <summary>The exact path, such as <c>/v1/moderations</c>.</summary>
    public string Path { get; set; } = "";

    /// <summary>The <see cref="UpstreamSettings.Name"/> that it goes to.</summary>
    public string Upstream { get; set; } = "";

    /// <summary>What a call costs the customer, in nanos of the account's unit: 0 to 2⁵³.</summary>
    public long PriceNanos { get; set; }
}
