using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Enforcer.Simulation.Planting;

namespace Enforcer.Simulation.Running;

/// <summary>The command line: many worlds, one world again, or a planted fault.</summary>
internal static class Commands
{
    private static readonly Option<long> Seeds = new("--seeds") { Description = "How many worlds", DefaultValueFactory = static _ => 10_000 };
    private static readonly Option<ulong> From = new("--from") { Description = "The first seed", DefaultValueFactory = static _ => 1 };
    private static readonly Option<ulong?> Seed = new("--seed") { Description = "One world again, exactly" };
    private static readonly Option<FileInfo?> Trace = new("--trace") { Description = "With --seed: write all that happens to this file" };
    private static readonly Option<int> Threads = new("--threads") { Description = "Worlds side by side", DefaultValueFactory = static _ => Environment.ProcessorCount };
    private static readonly Option<FileInfo?> Json = new("--json") { Description = "Write every figure to this file" };
    private static readonly Option<string?> Planted = new("--planted") { Description = "Look for a planted fault, by its name; 'all' for each of them, 'list' to see them" };

    public static RootCommand Create()
    {
        var root = new RootCommand("Simulates clusters of Enforcer: production code on a simulated clock, network, database and processes, all from one seed.")
        {
            Seeds, From, Seed, Trace, Threads, Json, Planted,
        };
        root.SetAction(static parsed =>
        {
            if (parsed.GetValue(Planted) is { } planted) return Plant(planted, parsed.GetValue(From), (int)parsed.GetValue(Seeds));
            return parsed.GetValue(Seed) is { } seed ? Replay(seed, parsed.GetValue(Trace)) : Run(parsed.GetValue(From), parsed.GetValue(Seeds), parsed.GetValue(Threads), parsed.GetValue(Json));
        });
        return root;
    }

    private static int Run(ulong from, long seeds, int threads, FileInfo? json)
    {
        var campaign = new Campaign(from, seeds, threads);
        using var progress = new Timer(_ => Tell(campaign, seeds), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        campaign.Run(stopsAtFailure: false);
        Tell(campaign, seeds);
        foreach (var failure in campaign.Failures.Take(20)) Tell(failure);
        if (json is not null) File.WriteAllText(json.FullName, JsonSerializer.Serialize(Figures(campaign)));
        return campaign.Failures.Count == 0 ? 0 : 1;
    }

    private static int Replay(ulong seed, FileInfo? trace)
    {
        SimulationResult? result = null;
        using var text = trace is null ? null : new StreamWriter(trace.FullName);
        SimulationThread.Run(() => result = Scenario.Run(seed, text: text));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {result!.Events} events, {result.Entries} entries, {result.Answers} answers, trace {result.TraceHash}"));
        if (result.Violation is null) return 0;
        Tell(result);
        return 1;
    }

    private static int Plant(string planted, ulong from, int seeds)
    {
        var missed = 0;
        foreach (var (name, what) in Hunt.All.Where(fault => planted is "all" or "list" || fault.Name == planted))
        {
            if (planted == "list")
            {
                Console.WriteLine($"{name}: {what}");
                continue;
            }
            var found = Hunt.Find(name, from, seeds);
            Console.WriteLine(found is null ? $"NOT FOUND in {seeds} worlds: {name}: {what}" : $"{name}: {found}");
            missed += found is null ? 1 : 0;
        }
        return missed == 0 ? 0 : 1;
    }

    private static void Tell(Campaign campaign, long seeds) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{campaign.Done} of {seeds} worlds in {campaign.Seconds:0.0} s: {campaign.Done / Math.Max(0.001m, campaign.Seconds):0} worlds/s, " +
        $"{campaign.SimulatedSeconds / Math.Max(0.001m, campaign.Seconds):0} simulated seconds a second, {campaign.Faults} faults, {campaign.Answers} answers, {campaign.Failures.Count} failed"));

    private static void Tell(SimulationResult failure) =>
        Console.WriteLine($"FAILED seed {failure.Seed} after {failure.Violation!.AtMs} ms: {failure.Violation.Rule}: {failure.Violation.What}");

    private static Dictionary<string, object> Figures(Campaign campaign) => new()
    {
        ["worlds"] = campaign.Done,
        ["seconds"] = campaign.Seconds,
        ["worlds_per_second"] = campaign.Done / Math.Max(0.001m, campaign.Seconds),
        ["simulated_seconds"] = campaign.SimulatedSeconds,
        ["simulated_seconds_per_second"] = campaign.SimulatedSeconds / Math.Max(0.001m, campaign.Seconds),
        ["events"] = campaign.Events,
        ["entries"] = campaign.Entries,
        ["answers"] = campaign.Answers,
        ["faults"] = campaign.Faults,
        ["failed_seeds"] = campaign.Failures.Select(static failure => failure.Seed).ToArray(),
    };
}
