using Enforcer.Host;

namespace Enforcer.Server.Nodes;

/// <summary>A server's part in a cluster. Disposing of it hands its accounts over and leaves.</summary>
public interface IClusterMember : IAsyncDisposable
{
    /// <summary>All accounts of the cluster.</summary>
    IAccountEngine Engine { get; }

    /// <summary>Their balances as they change; null if those who want to see them must look.</summary>
    IBalanceFeed? Balances { get; }
}
