using System.CommandLine;
using Enforcer.LoadTests.Gateway;
using Enforcer.LoadTests.Measuring;
using Enforcer.SimulatedUpstream;

namespace Enforcer.LoadTests.Commands;

/// <summary><c>edge</c>: the gateway between customers and a simulated upstream; caps, cuts, and what it costs.</summary>
internal static class GatewayCommand
{
    private static readonly Option<string> Part = new("--part")
    {
        Description = "caps: streams at once on one key; cuts: customers leave, the upstream breaks off, the edge is killed; overhead: against calling the upstream directly; or all",
        DefaultValueFactory = _ => "all",
    };

    private static readonly Option<int> Streams = new("--streams") { Description = "Streams at once on one key", DefaultValueFactory = _ => 200 };

    private static readonly Option<int> Cuts = new("--cuts") { Description = "Streams that are cut at random", DefaultValueFactory = _ => 1_000 };

    private static readonly Option<int> Kills = new("--kills") { Description = "How often the edge is killed meanwhile", DefaultValueFactory = _ => 10 };

    private static readonly Option<int> Requests = new("--requests") { Description = "Requests each way to measure the overhead", DefaultValueFactory = _ => 8_000 };

    private static readonly Option<int> AtOnce = new("--at-once") { Description = "Customers at once to measure throughput", DefaultValueFactory = _ => 32 };

    public static Command Create()
    {
        Part.AcceptOnlyFromAmong("caps", "cuts", "overhead", "all");
        var command = new Command("edge", """
            Puts the edge between customers and a simulated upstream, and audits every booking against what was served

            Examples:
              edge --json edge.json
              edge --part cuts --cuts 200 --kills 3 --seed 7
            """) { Part, Streams, Cuts, Kills, Requests, AtOnce, CommonOptions.Seed, CommonOptions.Json, CommonOptions.Enforcer };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var part = parsed.GetRequiredValue(Part);
        var report = new Report("edge") { ["part"] = part };
        await using var arena = await GatewayArena.OpenAsync(parsed, new UpstreamOptions { LeastOutputTokens = 20, MostOutputTokens = 150 }).ConfigureAwait(false);
        return await Reporting.RunAsync(parsed, report, () => arena.Output, () => ProveAsync(parsed, part, arena, report, cancellation)).ConfigureAwait(false);
    }

    private static async Task ProveAsync(ParseResult parsed, string part, GatewayArena arena, Report report, CancellationToken cancellation)
    {
        if (part is "overhead" or "all")
        {
            var work = new OverheadMeasure(arena, parsed.GetValue(Requests), parsed.GetValue(AtOnce), report).RunAsync();
            await FollowAsync("calling the upstream directly and through the edge, in turns", work).ConfigureAwait(false);
        }

        if (part is "caps" or "all")
        {
            var work = CapsProof.RunAsync(arena, parsed.GetValue(Streams), report, cancellation);
            await FollowAsync($"{parsed.GetValue(Streams)} streams at once on one key", work).ConfigureAwait(false);
        }

        if (part is "cuts" or "all")
        {
            var proof = new CutsProof(arena, parsed.GetValue(Cuts), parsed.GetValue(Kills), parsed.GetValue(CommonOptions.Seed), report);
            await FollowAsync($"{parsed.GetValue(Cuts)} streams, cut at random", proof.RunAsync(cancellation)).ConfigureAwait(false);
        }
    }

    private static Task FollowAsync(string title, Task work) => Display.FollowAsync(title, () => 0, work);
}
