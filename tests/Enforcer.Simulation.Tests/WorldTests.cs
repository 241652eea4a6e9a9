using System.Diagnostics;
using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Running;

namespace Enforcer.Simulation.Tests;

/// <summary>Production code in simulated worlds: no promise is broken, and every world can be had again.</summary>
public sealed class WorldTests
{
    [Fact]
    public void No_promise_is_broken()
    {
        var campaign = new Campaign(from: 1, seeds: 1_000, threads: 2);
        campaign.Run(stopsAtFailure: true);
        Assert.Empty(campaign.Figures.Failed);
        Assert.Equal(1_000, campaign.Figures.Worlds);
        // Something must have happened for that to mean anything.
        Assert.True(campaign.Figures is { Answers: > 50_000, Readings: > 1_000, FaultsInAll: > 10_000 }, $"{campaign.Figures.Answers} answers, {campaign.Figures.Readings} balances");
        foreach (var (world, fault) in Possible) Assert.True(campaign.Figures.FaultsOf(world, fault) > 0, $"{fault} never happened in a world of kind {world}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4_711)]
    public void A_seed_gives_the_same_world_again(ulong seed)
    {
        var (first, firstText) = Run(seed);
        var (again, againText) = Run(seed);
        Assert.Equal(first, again);
        Assert.Equal(firstText, againText);
        Assert.NotEmpty(firstText);
    }

    [Fact]
    public void The_trace_tells_worlds_apart() =>
        Assert.Equal(20, Enumerable.Range(1, 20).Select(static seed => Run((ulong)seed).Result.TraceHash).Distinct().Count());

    [Fact]
    public void Another_process_sees_the_same_world()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("enforcer-trace-").FullName, "trace.txt");
        var program = Path.ChangeExtension(typeof(Scenario).Assembly.Location, ".dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--seed", "7", "--trace", file]) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(Run(7).Text, File.ReadAllText(file));
    }

    [Fact]
    public void A_campaign_goes_on_where_it_ended()
    {
        var file = new FileInfo(Path.Combine(Directory.CreateTempSubdirectory("enforcer-campaign-").FullName, "figures.json"));
        new Campaign(from: 1, seeds: 6, threads: 2, file).Run(stopsAtFailure: false);
        var second = new Campaign(from: 1, seeds: 10, threads: 2, new FileInfo(file.FullName));
        second.Run(stopsAtFailure: false);
        var whole = new Campaign(from: 1, seeds: 10, threads: 1);
        whole.Run(stopsAtFailure: false);
        Assert.Equal(6, second.WorldsBefore);
        Assert.Equal((whole.Figures.Worlds, whole.Figures.Events, whole.Figures.Answers, whole.Figures.FaultsInAll),
            (second.Figures.Worlds, second.Figures.Events, second.Figures.Answers, second.Figures.FaultsInAll));
    }

    /// <summary>What cannot happen where: a node alone is never replaced by another, and whoever knows no others neither drains nor goes for good.</summary>
    private static IEnumerable<(WorldKind World, FaultKind Fault)> Possible =>
        from world in Enum.GetValues<WorldKind>()
        from fault in FaultTally.Kinds
        where world switch
        {
            WorldKind.OneNode => fault is not (FaultKind.NodeGone or FaultKind.AccountsTaken or FaultKind.NodeReplaced or FaultKind.NodeWokenReplaced),
            WorldKind.JournalOnly => fault is not (FaultKind.NodeGone or FaultKind.NodeDrained),
            _ => fault is not FaultKind.AccountsTaken,
        }
        select (world, fault);

    private static (SimulationResult Result, string Text) Run(ulong seed)
    {
        SimulationResult? result = null;
        using var text = new StringWriter();
        SimulationThread.Run(() => result = Scenario.Run(seed, text: text));
        return (result!, text.ToString());
    }
}
