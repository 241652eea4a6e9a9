using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>plans list</c>: all price plans.</summary>
internal sealed class PlansListCommand(Terminal terminal) : OperatorCommand(terminal, "list", "Lists all price plans.", "enforcer plans list")
{
    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var plans = (await server.ListPricePlansAsync(new ListPricePlansRequest(), cancellationToken)).Plans;
        if (WantsJson(parse))
        {
            Terminal.Line(ProtoJson.Array(plans));
            return ExitCode.Ok;
        }
        var table = new Table("PLAN", "SET", "BY", "RULES");
        foreach (var plan in plans)
            table.Add(plan.Plan, TimeText.Of(plan.SetAtMs), plan.Actor, OneLine(plan.RulesJson));
        if (table.IsEmpty)
            Terminal.Note("There are no plans: everything is sold at cost.");
        else
            table.Write(Terminal);
        return ExitCode.Ok;
    }

    private static string OneLine(string json) => string.Join(' ', json.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
