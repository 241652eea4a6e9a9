using Enforcer.Edge.Options;

namespace Enforcer.Edge.Protocols;

/// <summary>What a path is: a call that is priced by usage, or one at a flat price; perhaps with a place to go.</summary>
internal sealed record Route(Operation? Metered, FlatOperation? Flat, UpstreamSettings? Upstream)
{
    /// <summary>Whose it is.</summary>
    public Dialect Dialect => Metered?.Dialect ?? Flat!.Dialect;
}
