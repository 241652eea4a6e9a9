using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>nodes</c>.</summary>
internal sealed class NodesCommand(Terminal terminal) : OperatorCommand(
    terminal, "nodes", "Lists the nodes of a cluster: who owns how many accounts, and how each fares.", "enforcer nodes", "enforcer nodes --json | jq -r .node")
{
    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var nodes = (await server.ListNodesAsync(new ListNodesRequest(), cancellationToken)).Nodes;
        if (WantsJson(parse))
        {
            foreach (var node in nodes)
                Terminal.Line(ProtoJson.Line(node));
            return ExitCode.Ok;
        }
        NodeText.Write(Terminal, nodes);
        return ExitCode.Ok;
    }
}
