using System.CommandLine;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>
/// <c>compare</c>: the same cycle on Enforcer, on what a user would build instead, and on the ceilings, in one run on one
/// machine. Ratios count; absolute figures are noisy. Before it: a short audited run, so that the speed is that of an exact
/// server.
/// </summary>
internal static class CompareCommand
{
    private static readonly Option<int> Runs = new("--runs") { Description = "Runs of every contestant; medians are told", DefaultValueFactory = _ => 3 };

    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long a run takes", DefaultValueFactory = _ => 5 };

    private static readonly Option<int> Sustained = new("--sustained") { Description = "How long a sustained run takes; 0: none", DefaultValueFactory = _ => 60 };

    private static readonly Option<int> Accounts = new("--accounts") { Description = "Accounts of spread loads", DefaultValueFactory = _ => 10_000 };

    private static readonly Option<bool> Flat = new("--flat") { Description = "Instead: 10, 10,000 and 1,000,000 accounts against each other, and memory per account" };

    public static Command Create()
    {
        var command = new Command("compare", """
            Runs the same cycle on Enforcer, Redis with Lua, PostgreSQL functions and the ceilings

            Needs redis-server and PostgreSQL's server (Debian: redis-server, postgresql).

            Examples:
              compare --json compare.json
              compare --runs 1 --seconds 2 --sustained 0
              compare --flat --json flat.json
            """) { Runs, Seconds, Sustained, Accounts, Flat, CommonOptions.Edges, CommonOptions.Depth, CommonOptions.Connections, CommonOptions.Enforcer, CommonOptions.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var plan = new ComparePlan(
            parsed.GetValue(Runs), TimeSpan.FromSeconds(parsed.GetValue(Seconds)), TimeSpan.FromSeconds(parsed.GetValue(Sustained)),
            parsed.GetValue(Accounts), parsed.GetValue(CommonOptions.Edges), parsed.GetValue(CommonOptions.Depth),
            parsed.GetValue(CommonOptions.Connections), parsed.GetValue(CommonOptions.Enforcer));
        var (report, board) = (new Report("compare"), new Scoreboard());
        return await Reporting.RunAsync(parsed, report, () => null, () => CompareAsync(plan, parsed.GetValue(Flat), board, report, cancellation))
            .ConfigureAwait(false);
    }

    private static async Task CompareAsync(ComparePlan plan, bool isFlat, Scoreboard board, Report report, CancellationToken cancellation)
    {
        await ProveExactAsync(plan, report, cancellation).ConfigureAwait(false);
        if (isFlat)
            await new Flatness(plan, board, report).RunAsync(cancellation).ConfigureAwait(false);
        else
            await ContestAsync(plan, board, report, cancellation).ConfigureAwait(false);
        board.Put(report);
        board.Show();
    }

    private static async Task ContestAsync(ComparePlan plan, Scoreboard board, Report report, CancellationToken cancellation)
    {
        await new Contest(plan, board).RunAsync(cancellation).ConfigureAwait(false);
        if (plan.Sustained > TimeSpan.Zero)
            await new Endurance(plan, board, report).RunAsync(cancellation).ConfigureAwait(false);
        var session = board[Contest.Session];
        report.Operations = session.Operations;
        report.ThroughputPerSecond = session.PerSecond.Median;
        report.P50Micros = session.P50Micros.Median;
        report.P99Micros = session.P99Micros.Median;
        report.CpuSecondsPerMillion = session.CpuPerMillion.Median;
    }

    private static async Task ProveExactAsync(ComparePlan plan, Report report, CancellationToken cancellation)
    {
        var exact = new HammerPlan(
            new AccountPicker(Spread.Uniform, plan.Accounts), new HammerMix(10, 0), new FleetShape(EdgeMode.Mixed, plan.Clients, plan.Depth, plan.Connections),
            Operations: 500_000, TimeSpan.FromMinutes(2), CapShare: 0.5, CapChangesPerSecond: 10, CyclesPerSecond: 0, IsAudited: true, Seed: 1);
        var proof = new Report("exactness");
        await using var arena = await Arena.OpenAsync(plan.Enforcer, plan.Accounts, exact.CapNanos, cancellation).ConfigureAwait(false);
        await new HammerRun(exact, arena, proof).RunAsync(cancellation).ConfigureAwait(false);
        report.TakeExactness(proof);
    }
}
