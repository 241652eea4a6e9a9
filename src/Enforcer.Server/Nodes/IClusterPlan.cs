using Enforcer.Host;

namespace Enforcer.Server.Nodes;

/// <summary>Another way than the built-in nodes to make one cluster of the servers on one PostgreSQL.</summary>
public interface IClusterPlan
{
    /// <summary>The name under which the journal is opened: of each process another one, so that the others can tell which one of a node is dead.</summary>
    string Owner { get; }

    /// <summary>Is told what this server's accounts append, from before it takes part; null for nobody.</summary>
    IAccountObserver? Observer { get; }

    /// <summary>Takes part; when this completes, others may send what is for this server.</summary>
    Task<IClusterMember> JoinAsync(ClusterParts parts, CancellationToken cancel);
}
