using System.CommandLine;
using System.Globalization;
using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Planting;

namespace Enforcer.Simulation.Running;

/// <summary>The command line: many worlds, one world again, or a planted fault.</summary>
internal static class Commands
{
    private const int MostTold = 20;
    private static readonly Option<long> Seeds = new("--seeds") { Description = "How many worlds", DefaultValueFactory = static _ => 10_000 };
    private static readonly Option<ulong> From = new("--from") { Description = "The first seed", DefaultValueFactory = static _ => 1 };
    private static readonly Option<ulong?> Seed = new("--seed") { Description = "One world again, exactly" };
    private static readonly Option<FileInfo?> Trace = new("--trace") { Description = "With --seed: write all that happens to this file" };
    private static readonly Option<int> Threads = new("--threads") { Description = "Worlds side by side", DefaultValueFactory = static _ => Environment.ProcessorCount };
    private static readonly Option<int?> Seconds = new("--seconds") { Description = "Stop after so long; with --json, the same command goes on from there" };
    private static readonly Option<FileInfo?> Json = new("--json") { Description = "Keep every figure in this file; worlds that are in it already are not run again" };
    private static readonly Option<string?> Planted = new("--planted") { Description = "Look for a planted fault, by its name; 'all' for each of them, 'list' to see them" };

    public static RootCommand Create()
    {
        var root = new RootCommand("Simulates clusters of Enforcer: production code on a simulated clock, network, database and processes, all from one seed.")
        {
            Seeds, From, Seed, Trace, Threads, Seconds, Json, Planted,
        };
        root.SetAction(static parsed =>
        {
            if (parsed.GetValue(Planted) is { } planted) return Plant(planted, parsed.GetValue(From), (int)parsed.GetValue(Seeds));
            if (parsed.GetValue(Seed) is { } seed) return Replay(seed, parsed.GetValue(Trace));
            return Run(new Campaign(parsed.GetValue(From), parsed.GetValue(Seeds), parsed.GetValue(Threads), parsed.GetValue(Json)), parsed.GetValue(Seeds), parsed.GetValue(Seconds));
        });
        return root;
    }

    private static int Run(Campaign campaign, long seeds, int? seconds)
    {
        if (campaign.WorldsBefore > 0) Console.WriteLine($"{campaign.WorldsBefore} worlds have been run before.");
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            campaign.Stop();
        };
        using var limit = new Timer(_ => campaign.Stop(), null, seconds is { } bound ? TimeSpan.FromSeconds(bound) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var progress = new Timer(
            _ =>
            {
                Tell(campaign, seeds);
                campaign.Keep();
            },
            null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        campaign.Run(stopsAtFailure: false);
        Tell(campaign, seeds);
        foreach (var line in campaign.Read(FaultLines)) Console.WriteLine(line);
        foreach (var (seed, what) in campaign.Read(static figures => figures.Failed.Take(MostTold).ToArray())) Console.WriteLine($"FAILED seed {seed} {what}");
        return campaign.Read(static figures => figures.Failed.Count) == 0 ? 0 : 1;
    }

    private static int Replay(ulong seed, FileInfo? trace)
    {
        SimulationResult? result = null;
        using var text = trace is null ? null : new StreamWriter(trace.FullName);
        SimulationThread.Run(() => result = Scenario.Run(seed, text: text));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {result!.Events} events, {result.Entries} entries, {result.Answers} answers, trace {result.TraceHash}"));
        if (result.Violation is not { } violation) return 0;
        Console.WriteLine($"FAILED seed {seed} after {violation.AtMs} ms: {violation.Rule}: {violation.What}");
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

    private static void Tell(Campaign campaign, long seeds) => Console.WriteLine(campaign.Read(figures =>
    {
        var rate = (figures.Worlds - campaign.WorldsBefore) / Math.Max(0.001m, campaign.Seconds);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.Worlds} of {seeds} worlds in {campaign.Seconds:0.0} s: {rate:0.0} worlds/s, {figures.SimulatedSeconds:0} simulated seconds, " +
            $"{figures.FaultsInAll} faults, {figures.Answers} answers, {figures.Readings} balances, {figures.Failed.Count} failed");
    }));

    /// <summary>What went wrong, a line for each kind of world.</summary>
    private static string[] FaultLines(CampaignFigures figures) =>
    [
        .. figures.Faults.Select(static world => $"{world.Key}: {string.Join(", ", FaultTally.Kinds.Select(kind => $"{kind} {world.Value[$"{kind}"]}"))}"),
    ];
}
