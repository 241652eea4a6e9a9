using System.CommandLine;
using Enforcer.LoadTests.Commands;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Chaos;

/// <summary><c>chaos</c>: a cluster of real processes under load, to which everything is done that happens to clusters.</summary>
internal static class ChaosCommand
{
    /// <summary>A fault about every so often: 214 in ten minutes.</summary>
    private const double SecondsPerFault = 2.8;

    private static readonly Option<int> Nodes = new("--nodes") { Description = "How many nodes", DefaultValueFactory = _ => 3 };

    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long faults are made", DefaultValueFactory = _ => 600 };

    private static readonly Option<int> Faults = new("--faults") { Description = "How many; 0: one every 2.8 s" };

    private static readonly Option<FaultKind[]> Kinds = new("--kinds")
    {
        Description = "Only these kinds of faults",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => Enum.GetValues<FaultKind>(),
    };

    private static readonly Option<int> Accounts = new("--accounts") { Description = "Accounts to spend from", DefaultValueFactory = _ => 2_000 };

    private static readonly Option<double> Rate = new("--rate") { Description = "Cycles per second over all edges", DefaultValueFactory = _ => 600 };

    private static readonly Option<int> Edges = new("--edges") { Description = "Clients side by side: sessions, unary calls and the SDK in turn", DefaultValueFactory = _ => 36 };

    private static readonly Option<DirectoryInfo?> Logs = new("--logs") { Description = "Keep all that the nodes print in this folder" };

    public static Command Create()
    {
        var command = new Command("chaos", """
            Kills, freezes, cuts off and fills up the nodes and the PostgreSQL of a cluster under load, and audits every answer. Needs root, for a disk that can be filled

            Examples:
              chaos --nodes 3 --seconds 600 --json chaos.json
              chaos --seconds 60 --seed 7
              chaos --seconds 60 --kinds KillNode Zombie
            """) { Nodes, Seconds, Faults, Kinds, Accounts, Rate, Edges, Logs, CommonOptions.Seed, CommonOptions.Json, CommonOptions.Enforcer };
        command.SetAction(RunAsync);
        return command;
    }

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = Read(parsed);
        var report = new Report("chaos") { ["seed"] = settings.Seed, ["nodes"] = settings.Nodes, ["accounts"] = settings.Accounts };
        return ChaosCluster.UseAsync(
            parsed, report, settings, parsed.GetValue(Logs)?.FullName, cluster => new ChaosRun(settings, cluster, report).RunAsync(cancellation), cancellation);
    }

    private static ChaosSettings Read(ParseResult parsed)
    {
        var (seconds, faults) = (parsed.GetValue(Seconds), parsed.GetValue(Faults));
        return new ChaosSettings(
            parsed.GetValue(Nodes),
            TimeSpan.FromSeconds(seconds),
            parsed.GetValue(Kinds)!,
            faults > 0 ? faults : Math.Max(1, (int)(seconds / SecondsPerFault)),
            parsed.GetValue(Accounts),
            parsed.GetValue(Rate),
            new FleetShape(EdgeMode.Every, parsed.GetValue(Edges), Depth: 4, Connections: Math.Min(3, parsed.GetValue(Edges))),
            parsed.GetValue(CommonOptions.Seed));
    }
}
