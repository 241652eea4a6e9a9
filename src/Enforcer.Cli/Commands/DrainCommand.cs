using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>drain</c>.</summary>
internal sealed class DrainCommand : OperatorCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly Argument<string> _node = CliOption.Required("NODE", "The node's name.");
    private readonly Option<bool> _undo = CliOption.Switch("--undo", "Lets the node have its share of accounts again.");
    private readonly Option<bool> _noWait = CliOption.Switch("--no-wait", "Does not wait until the node owns nothing any more.");

    public DrainCommand(Terminal terminal)
        : base(
            terminal, "drain", "Has a node give its accounts to the others, without an error for anybody; then it can be stopped.", "enforcer drain node-2",
            "enforcer drain node-2 --undo")
    {
        Add(_node);
        Add(_undo);
        Add(_noWait);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new DrainNodeRequest { Node = parse.GetRequiredValue(_node), Undo = parse.GetValue(_undo) };
        var node = await server.DrainNodeAsync(request, cancellationToken);
        if (request.Undo)
        {
            Answer(parse, node, () => Terminal.Line($"Node {node.Node} takes its share of accounts again."));
            return ExitCode.Ok;
        }
        while (node.Accounts > 0 && !parse.GetValue(_noWait))
        {
            await Task.Delay(Pause, Terminal.Clock, cancellationToken);
            var nodes = (await server.ListNodesAsync(new ListNodesRequest(), cancellationToken)).Nodes;
            node = nodes.FirstOrDefault(one => one.Node == request.Node) ?? new NodeView { Node = request.Node, Status = NodeStatus.NodeReplaced };
            if (nodes.All(one => one.Node == request.Node || one.Status != NodeStatus.NodeServing))
                throw new CliException($"no other node serves, so node {request.Node} keeps its {node.Accounts} accounts; start another one, or: enforcer drain {request.Node} --undo");
        }
        Answer(parse, node, () => Terminal.Line(node.Accounts == 0
            ? $"Node {node.Node} owns no account any more; it can be stopped."
            : $"Node {node.Node} is giving {LimitLines.Count(node.Accounts)} accounts to the others."));
        return ExitCode.Ok;
    }
}
