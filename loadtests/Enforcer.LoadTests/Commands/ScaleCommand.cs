using System.CommandLine;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Commands;

/// <summary>
/// <c>scale</c>: the same cycle on one, two and three nodes on one PostgreSQL, on one machine with SQLite, and on a PostgreSQL function, in one run on one
/// machine. Before it: a short audited run on all nodes, so that the figures are those of an exact cluster.
/// </summary>
internal static class ScaleCommand
{
    private static readonly Option<int> Runs = new("--runs") { Description = "Runs of every contestant; medians are told", DefaultValueFactory = _ => 3 };

    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long a run takes", DefaultValueFactory = _ => 3 };

    private static readonly Option<int> Warmup = new("--warmup")
    {
        Description = "How long new processes run before they are measured; longer, if several share the machine",
        DefaultValueFactory = _ => 8,
    };

    private static readonly Option<int> Nodes = new("--nodes") { Description = "The most nodes, 1 to 8", DefaultValueFactory = _ => 3 };

    private static readonly Option<int> Accounts = new("--accounts") { Description = "Accounts of spread loads", DefaultValueFactory = _ => 10_000 };

    private static readonly Option<double> Rate = new("--rate")
    {
        Description = "Cycles per second over all edges, the same on one node and on several; 0: as fast as they answer",
    };

    public static Command Create()
    {
        Nodes.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 1 or > 8)
                result.AddError($"--nodes {result.Tokens[0].Value} is not 1 to 8; each takes some memory of this machine.");
        });
        var command = new Command("scale", """
            Compares 1, 2 and 3 nodes on PostgreSQL with each other, with SQLite and with a PostgreSQL function

            Edges go to all nodes alike, whoever owns an account: with two nodes half of the commands arrive at the wrong one, with three two thirds.
            CPU is counted over clients, nodes and PostgreSQL. Needs PostgreSQL's server (Debian: postgresql). Takes some minutes.

            Examples:
              scale --json scale.json
              scale --runs 1 --seconds 2 --nodes 2
              scale --runs 1 --seconds 5 --rate 15000
            """) { Runs, Seconds, Warmup, Nodes, Accounts, Rate, CommonOptions.Edges, CommonOptions.Depth, CommonOptions.Connections, CommonOptions.Enforcer, CommonOptions.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var plan = new ScalePlan(
            parsed.GetValue(Runs), TimeSpan.FromSeconds(parsed.GetValue(Seconds)), TimeSpan.FromSeconds(parsed.GetValue(Warmup)), parsed.GetValue(Nodes),
            parsed.GetValue(Accounts), parsed.GetValue(Rate), parsed.GetValue(CommonOptions.Edges), parsed.GetValue(CommonOptions.Depth),
            parsed.GetValue(CommonOptions.Connections), parsed.GetValue(CommonOptions.Enforcer));
        var report = new Report("scale");
        return await Reporting.RunAsync(parsed, report, () => null, async () =>
        {
            await using var run = await ScaleRun.OpenAsync(plan, report, cancellation).ConfigureAwait(false);
            await run.RunAsync(cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }
}
