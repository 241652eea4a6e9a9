using System.CommandLine;
using Enforcer.LoadTests.Commands;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Chaos;

/// <summary><c>handover</c>: what a planned move costs, and how soon a killed node's accounts answer elsewhere.</summary>
internal static class HandoverCommand
{
    private static readonly Option<int> Nodes = new("--nodes") { Description = "How many nodes, at least 2", DefaultValueFactory = _ => 3 };

    private static readonly Option<int> Rounds = new("--rounds") { Description = "How often a node is drained, after each has been drained once, and how often one is killed", DefaultValueFactory = _ => 6 };

    private static readonly Option<int> Accounts = new("--accounts") { Description = "Accounts to spend from", DefaultValueFactory = _ => 2_000 };

    private static readonly Option<double> Rate = new("--rate") { Description = "Cycles per second over all edges", DefaultValueFactory = _ => 300 };

    public static Command Create()
    {
        var command = new Command("handover", """
            Drains nodes under load, one after the other, and kills them: errors and times of calls meanwhile

            Example:
              handover --nodes 3 --rounds 6 --json handover.json
            """) { Nodes, Rounds, Accounts, Rate, CommonOptions.Seed, CommonOptions.Json, CommonOptions.Enforcer };
        command.SetAction(RunAsync);
        return command;
    }

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var shape = new FleetShape(EdgeMode.Every, Edges: 18, Depth: 4, Connections: 3);
        var settings = new ChaosSettings(
            parsed.GetValue(Nodes), TimeSpan.Zero, [], 0, parsed.GetValue(Accounts), parsed.GetValue(Rate), shape, parsed.GetValue(CommonOptions.Seed));
        var report = new Report("handover") { ["nodes"] = settings.Nodes, ["accounts"] = settings.Accounts };
        return ChaosCluster.UseAsync(
            parsed, report, settings, null, cluster => new HandoverRun(settings, cluster, report).RunAsync(parsed.GetValue(Rounds), cancellation), cancellation);
    }
}
