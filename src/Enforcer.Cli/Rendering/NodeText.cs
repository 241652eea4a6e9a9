using System.Globalization;
using Enforcer.Cli.Shell;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>Nodes for people.</summary>
internal static class NodeText
{
    private const long MostSkewMs = 2_000;

    /// <summary>A table, and below it what is wrong.</summary>
    public static void Write(Terminal terminal, IEnumerable<NodeView> nodes)
    {
        var table = new Table("NODE", "STATUS", "ACCOUNTS", "IN MEMORY", "LAGGING", "PER BATCH", "PASSED ON", "ADDRESS").Right(2, 3, 4, 5, 6);
        var notes = new List<string>();
        foreach (var node in nodes)
        {
            table.Add(
                node.Node, Status(node.Status), LimitLines.Count(node.Accounts), LimitLines.Count(node.ActiveAccounts), LimitLines.Count(node.LaggingHeads),
                LimitLines.Count(node.Batches == 0 ? 0 : node.Records / node.Batches), LimitLines.Count(node.PassedOn), node.Address);
            if (node.Problem.Length > 0)
                notes.Add($"{node.Node}: {node.Problem}");
            if (Math.Abs(node.ClockSkewMs) >= MostSkewMs)
                notes.Add($"{node.Node}: its clock differs from the database's by {TimeSpan.FromMilliseconds(node.ClockSkewMs).ToString("c", CultureInfo.InvariantCulture)}; set it right.");
        }
        table.Write(terminal);
        foreach (var note in notes)
            terminal.Note(note);
    }

    /// <summary>A status in one word.</summary>
    public static string Status(NodeStatus status) => status switch
    {
        NodeStatus.NodeServing => "serving",
        NodeStatus.NodeStarting => "starting",
        NodeStatus.NodeDraining => "draining",
        NodeStatus.NodeSilent => "silent",
        NodeStatus.NodeReplaced => "replaced",
        _ => "?",
    };
}
