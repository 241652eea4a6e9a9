using Enforcer.Cluster;
using Enforcer.Server.Nodes;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators;

/// <summary>The nodes of the cluster that this server belongs to, if it does.</summary>
internal sealed class OperatorNodes(ServerCluster? cluster)
{
    public async Task<V1.ListNodesResponse> ListAsync(V1.ListNodesRequest request, OperatorCall call)
    {
        var node = Node();
        var counts = await node.CountAccountsAsync(call.Cancel).ConfigureAwait(false);
        var response = new V1.ListNodesResponse();
        foreach (var view in node.View.Nodes)
        {
            // A node that has left and owns nothing is history.
            if (view.Row.Beat is null && counts.GetValueOrDefault(view.Node) == 0) continue;
            response.Nodes.Add(Of(view, counts.GetValueOrDefault(view.Node)));
        }
        return response;
    }

    public async Task<V1.NodeView> DrainAsync(V1.DrainNodeRequest request, OperatorCall call)
    {
        var node = Node();
        if (!await node.DrainAsync(request.Node, !request.Undo, call.Cancel).ConfigureAwait(false) || node.View.Find(request.Node) is not { } view)
            throw Faults.NotFound("node", request.Node, "list nodes to see which there are.");
        var counts = await node.CountAccountsAsync(call.Cancel).ConfigureAwait(false);
        return Of(view with { Row = view.Row with { IsDraining = !request.Undo } }, counts.GetValueOrDefault(request.Node));
    }

    private ClusterNode Node() => cluster?.Node
        ?? throw Faults.Precondition("NO_CLUSTER", "this server keeps its data in a folder, so there are no other nodes; several share a PostgreSQL: enforcer serve --postgres.");

    private static V1.NodeView Of(ClusterNodeView node, long accounts)
    {
        var beat = node.Row.Beat;
        var health = beat?.Health ?? new MemberHealth();
        return new V1.NodeView
        {
            Node = node.Node,
            Status = StatusOf(node),
            Address = beat?.Address?.ToString() ?? "",
            Process = beat?.Owner ?? "",
            Accounts = accounts,
            ActiveAccounts = health.ActiveAccounts,
            LaggingHeads = health.LaggingHeads,
            Batches = health.Batches,
            Records = health.Records,
            PassedOn = health.PassedOn,
            ClockSkewMs = node.Row.ClockSkewMs,
            Problem = health.Problem,
        };
    }

    private static V1.NodeStatus StatusOf(ClusterNodeView node)
    {
        if (node.Row.Standing == NodeStanding.Replaced) return V1.NodeStatus.NodeReplaced;
        if (!node.IsLiving || node.Row.Beat is null) return V1.NodeStatus.NodeSilent;
        if (!node.IsServing) return V1.NodeStatus.NodeStarting;
        return node.Row.IsDraining ? V1.NodeStatus.NodeDraining : V1.NodeStatus.NodeServing;
    }
}
