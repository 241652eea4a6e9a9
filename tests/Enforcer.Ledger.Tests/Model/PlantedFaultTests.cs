using Enforcer.Testing;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>The comparison with the model finds faults: each that is planted, within as many stories as it runs.</summary>
public sealed class PlantedFaultTests
{
    public static TheoryData<string> Faults => [.. PlantedFault.All.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Is_found(string fault) =>
        Assert.True(Properties.FindsFault(Steps.Stories, steps => new Story(PlantedFault.All[fault]).Tell(steps), runs: 600), $"Not found: {fault}");

    [Fact]
    public void Nothing_is_found_where_nothing_is_wrong() =>
        Assert.False(Properties.FindsFault(Steps.Stories, steps => new Story(Story.Rules).Tell(steps), runs: 60));
}
