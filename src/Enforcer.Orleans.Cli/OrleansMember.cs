using Enforcer.Host;
using Enforcer.Server.Nodes;

namespace Enforcer.Orleans.Cli;

/// <summary>A server's silo.</summary>
internal sealed class OrleansMember(OrleansSilo silo) : IClusterMember
{
    /// <inheritdoc/>
    public IAccountEngine Engine => silo.Engine;

    /// <inheritdoc/>
    public IBalanceFeed Balances => silo.Balances;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => silo.DisposeAsync();
}
