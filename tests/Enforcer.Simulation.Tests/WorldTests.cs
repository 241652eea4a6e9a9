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
        Assert.Empty(campaign.Failures.Select(static failure => $"seed {failure.Seed}: {failure.Violation}"));
        Assert.Equal(1_000, campaign.Done);
        // Something must have happened for that to mean anything.
        Assert.True(campaign.Answers > 50_000 && campaign.Faults > 10_000, $"{campaign.Answers} answers, {campaign.Faults} faults");
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

    private static (SimulationResult Result, string Text) Run(ulong seed)
    {
        SimulationResult? result = null;
        using var text = new StringWriter();
        SimulationThread.Run(() => result = Scenario.Run(seed, text: text));
        return (result!, text.ToString());
    }
}
