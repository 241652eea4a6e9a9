using Microsoft.Extensions.Logging;

namespace Enforcer.Cluster;

internal static partial class ClusterLog
{
    public static void Seen(ILogger log, ClusterView view)
    {
        if (!log.IsEnabled(LogLevel.Information)) return;
        NodesSeen(log, string.Join(", ", view.Nodes.Select(static node =>
            $"{node.Node} {(node.IsServing ? node.Row.IsDraining ? "draining" : "serving" : node.Row.Standing == NodeStanding.Replaced ? "replaced" : node.IsLiving ? "starting" : "silent")}")));
    }

    [LoggerMessage(1, LogLevel.Information, "Nodes: {Nodes}.")]
    private static partial void NodesSeen(ILogger log, string nodes);

    [LoggerMessage(2, LogLevel.Warning, "The registry of nodes cannot be reached: {Problem}")]
    public static partial void NotReached(ILogger log, string problem);

    [LoggerMessage(3, LogLevel.Information, "The registry of nodes is reached again.")]
    public static partial void ReachedAgain(ILogger log);

    [LoggerMessage(4, LogLevel.Warning, "Node {Node} is silent and will be replaced.")]
    public static partial void Replacing(ILogger log, string node);

    [LoggerMessage(5, LogLevel.Information, "Node {Node} was replaced.")]
    public static partial void HasReplaced(ILogger log, string node);

    [LoggerMessage(6, LogLevel.Warning, "Node {Node} could not be replaced yet: {Problem}")]
    public static partial void NotReplaced(ILogger log, string node, string problem);

    [LoggerMessage(7, LogLevel.Information, "{Count} accounts of node {Node} are this node's now.")]
    public static partial void Inherited(ILogger log, long count, string node);

    [LoggerMessage(8, LogLevel.Information, "{Count} accounts were handed over to other nodes.")]
    public static partial void HandedOver(ILogger log, long count);

    [LoggerMessage(9, LogLevel.Warning, "Accounts could not be handed over to node {Node}: {Problem}")]
    public static partial void NotHandedOver(ILogger log, string node, string problem);

    [LoggerMessage(10, LogLevel.Warning, "The connection to node {Node} is lost: {Problem}")]
    public static partial void LinkLost(ILogger log, string node, string problem);

    [LoggerMessage(11, LogLevel.Information, "Connected to node {Node}.")]
    public static partial void LinkMade(ILogger log, string node);

    [LoggerMessage(12, LogLevel.Warning, "The clock of node {Node} differs from the database's by {SkewMs} ms. No cap depends on it, but windows and expiry do: set it right.")]
    public static partial void ClockDiffers(ILogger log, string node, long skewMs);

    [LoggerMessage(13, LogLevel.Warning, "Spreading accounts over the nodes failed; it goes on at the next beat: {Problem}")]
    public static partial void BalancingFailed(ILogger log, string problem);

    [LoggerMessage(14, LogLevel.Warning, "A peer's requests could not be read any more: {Problem}")]
    public static partial void PeerFailed(ILogger log, string problem);

    [LoggerMessage(15, LogLevel.Debug, "Node {Node} cannot be connected to: {Problem}")]
    public static partial void NotConnected(ILogger log, string node, string problem);

    [LoggerMessage(16, LogLevel.Warning,
        "Node {Node} lives but cannot be reached from here: {Problem} What is for its accounts is answered UNAVAILABLE at once until it can. Check the network between the two, and where it is served (Enforcer:Advertise).")]
    public static partial void CutOff(ILogger log, string node, string problem);
}
