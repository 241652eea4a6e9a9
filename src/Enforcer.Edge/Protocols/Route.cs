using Enforcer.Edge.Options;

namespace Enforcer.Edge.Protocols;

/// <summary>What a path is: a call that is priced by usage, or one at a flat price; perhaps with a place to go.</summary>
/// <param name="Path">Its name in metrics.</param>
/// <param name="Metered">A call that is priced by usage.</param>
/// <param name="Flat">A call at a flat price.</param>
/// <param name="Upstream">The place to go; null for the first that fits.</param>
internal sealed record Route(string Path, Operation? Metered, FlatOperation? Flat, UpstreamSettings? Upstream)
{
    /// <summary>Whose it is.</summary>
    public Dialect Dialect => Metered?.Dialect ?? Flat!.Dialect;
}
