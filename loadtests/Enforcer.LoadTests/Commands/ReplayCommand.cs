using System.CommandLine;
using System.Diagnostics;
using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>
/// <c>replay</c>: real traffic over keys whose caps do not suffice. The trace goes first, in order; then every key spends
/// what is left until it is refused; then the audit.
/// </summary>
internal static class ReplayCommand
{
    private static readonly Option<FileInfo?> Trace = new("--trace")
    {
        Description = "CSV file with TIMESTAMP,ContextTokens,GeneratedTokens; without it a generator fitted to the Azure LLM inference trace 2023 stands in",
    };

    private static readonly Option<int> Requests = new("--requests")
    {
        Description = "Without --trace: how many requests to generate",
        DefaultValueFactory = _ => TraceGenerator.PublishedRequests,
    };

    private static readonly Option<int> Keys = new("--keys") { Description = "Keys that share the traffic (Zipf)", DefaultValueFactory = _ => 500 };

    private static readonly Option<double> Speed = new("--speed")
    {
        Description = "Times real speed, with reservations held as long as the calls took (unary edges); 0: as fast as possible",
    };

    public static Command Create()
    {
        var command = new Command("replay", """
            Replays real LLM traffic over keys with caps at 10 to 90% of what they would spend

            Examples:
              replay --trace azure_llm_conv.csv --json replay.json
              replay --speed 60 --edges 256
            """) { Trace, Requests, Keys, Speed, CommonOptions.Seed, CommonOptions.Json };
        CommonOptions.AddFleet(command);
        CommonOptions.AddServer(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var seed = parsed.GetValue(CommonOptions.Seed);
        var rows = parsed.GetValue(Trace) is { } file ? TraceFile.Read(file.FullName) : TraceGenerator.Generate(parsed.GetValue(Requests), seed);
        var plan = new ReplayPlan(rows, parsed.GetValue(Keys), seed);
        var report = new Report("replay") { ["trace_requests"] = rows.Count, ["keys"] = plan.Caps.Count };
        await using var arena = await Arena.OpenAsync(parsed, parsed.GetValue(Keys), key => plan.Caps.GetValueOrDefault(key), cancellation).ConfigureAwait(false);
        return await Reporting.RunAsync(parsed, report, () => arena.ServerOutput, () => ProveAsync(parsed, plan, arena, report, cancellation))
            .ConfigureAwait(false);
    }

    private static async Task ProveAsync(ParseResult parsed, ReplayPlan plan, Arena arena, Report report, CancellationToken cancellation)
    {
        var (keys, seed) = (parsed.GetValue(Keys), parsed.GetValue(CommonOptions.Seed));
        await ReplayAsync(parsed, plan, arena, report, cancellation).ConfigureAwait(false);
        await Filling.RunAsync(arena, plan.SmallestRequest, keys, seed, report, cancellation).ConfigureAwait(false);
        AuditStep.SaveSmallest(arena.AnswersFolder, plan.SmallestRequest);
        await Auditing.RunAsync(arena, report).ConfigureAwait(false);
    }

    private static async Task ReplayAsync(ParseResult parsed, ReplayPlan plan, Arena arena, Report report, CancellationToken cancellation)
    {
        var speed = parsed.GetValue(Speed);
        var shape = CommonOptions.Shape(parsed);
        if (speed > 0)
            shape = shape with { Mode = EdgeMode.Unary };
        var counter = new ReplayCounter();
        var fleet = new Fleet(arena.Target, shape, parsed.GetValue(Keys), _ => new ReplaySource(plan, speed, counter),
            arena.AnswersFolder, parsed.GetValue(CommonOptions.Seed));
        var started = Stopwatch.GetTimestamp();
        var work = fleet.RunAsync(null, cancellation);
        var result = await Display.FollowAsync($"replaying {plan.Rows.Count:N0} requests",
            () => fleet.Operations / (2.0 * plan.Rows.Count), work).ConfigureAwait(false);
        Reporting.SetLoad(report, result);
        report.Set("times_real_speed", plan.Rows[^1].At.TotalSeconds / Stopwatch.GetElapsedTime(started).TotalSeconds);
        report["true_total_nanos"] = plan.TrueTotals.Values.Sum();
        report["caps_total_nanos"] = plan.Caps.Values.Sum();
    }
}
