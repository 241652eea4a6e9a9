namespace Enforcer.Cluster;

/// <summary>A node as this one sees it.</summary>
/// <param name="Row">What the registry says.</param>
/// <param name="IsLiving">True while its heartbeat moves, by this node's own clock.</param>
public sealed record ClusterNodeView(MemberRow Row, bool IsLiving)
{
    /// <summary>Its name.</summary>
    public string Node => Row.Node;

    /// <summary>True if it can be asked: it lives, and has said where.</summary>
    public bool IsServing => IsLiving && Row is { Standing: NodeStanding.Living, Beat.Address: not null };
}
