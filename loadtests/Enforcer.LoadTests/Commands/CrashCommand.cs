using System.CommandLine;
using System.Text.Json.Nodes;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Rivals;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>
/// <c>crash</c>: kill -9 at random moments while edges spend. Whatever was not answered is sent again under its own id until
/// it is; afterwards the first answers are asked for again, and everything is audited.
/// </summary>
internal static class CrashCommand
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(2);

    private static readonly Option<int> Rounds = new("--rounds") { Description = "How often the server is killed", DefaultValueFactory = _ => 200 };

    private static readonly Option<int> Accounts = new("--accounts") { Description = "Accounts to spend from", DefaultValueFactory = _ => 100_000 };

    public static Command Create()
    {
        var command = new Command("crash", """
            Kills the server with kill -9 under load, again and again, and proves that nothing is lost or doubled

            Examples:
              crash --json crash.json
              crash --rounds 20 --accounts 1000 --seed 7
              crash --rounds 50 --postgres own
            """) { Rounds, Accounts, CommonOptions.Seed, CommonOptions.Json, CommonOptions.Enforcer, CommonOptions.Data, CommonOptions.Postgres };
        CommonOptions.AddFleet(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var report = new Report("crash") { ["accounts"] = parsed.GetValue(Accounts) };
        await using var arena = await Arena.OpenAsync(parsed, parsed.GetValue(Accounts), _ => CycleLoad.CapNanos, cancellation).ConfigureAwait(false);
        return await Reporting.RunAsync(parsed, report, () => arena.ServerOutput, () => ProveAsync(parsed, arena, report, cancellation))
            .ConfigureAwait(false);
    }

    private static async Task ProveAsync(ParseResult parsed, Arena arena, Report report, CancellationToken cancellation)
    {
        await CrashAsync(parsed, arena, report, cancellation).ConfigureAwait(false);
        await Repeats.RunAsync(arena.Target, arena.AnswersFolder, parsed.GetValue(Accounts), report, cancellation).ConfigureAwait(false);
        await Auditing.RunAsync(arena, report).ConfigureAwait(false);
    }

    private static async Task CrashAsync(ParseResult parsed, Arena arena, Report report, CancellationToken cancellation)
    {
        var (seed, rounds) = (parsed.GetValue(CommonOptions.Seed), parsed.GetValue(Rounds));
        var shape = CommonOptions.Shape(parsed) with { Mode = EdgeMode.Mixed };
        var picker = new AccountPicker(Spread.Zipf, parsed.GetValue(Accounts));
        var mix = new HammerMix(ReleasePercent: 10, AbandonPercent: 1);
        var fleet = new Fleet(arena.Target with { ProcessId = 0 }, shape, picker.Accounts,
            edge => new HammerSource(picker, mix, new Random(unchecked((seed * 7_907) + edge)), quota: long.MaxValue, cyclesPerSecond: 0),
            arena.AnswersFolder, seed);
        var killer = new Killer(arena.Server!, rounds, new Random(seed));
        var load = fleet.RunAsync(null, cancellation);
        await Display.FollowAsync($"killing the server {rounds} times", () => (double)killer.Rounds / rounds, killer.RunAsync(cancellation)).ConfigureAwait(false);
        fleet.Stop();
        var result = await load.ConfigureAwait(false);
        Reporting.SetLoad(report, result with { Cpu = result.Cpu with { ServerSeconds = killer.ServerCpuSeconds } });
        report["rounds"] = killer.Rounds;
        report["retries"] = fleet.Retries;
        report.Set("ready_ms_median", killer.ReadyMs.Median);
        report.Set("ready_ms_min", killer.ReadyMs.Min);
        report.Set("ready_ms_max", killer.ReadyMs.Max);
        report["ready_ms"] = new JsonArray([.. killer.ReadyMs.Values.Select(value => (JsonNode)Math.Round(value))]);
        if (killer.ReadyMs.Max > ReadyWithin.TotalMilliseconds)
            report.Fail($"the server took up to {killer.ReadyMs.Max:0} ms to be ready; {ReadyWithin.TotalMilliseconds:0} are allowed");
    }
}
