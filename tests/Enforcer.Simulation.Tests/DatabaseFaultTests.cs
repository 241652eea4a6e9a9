using Enforcer.Simulation.Planting;

namespace Enforcer.Simulation.Tests;

/// <summary>Every rule that makes the shared journal safe, broken on its own, is found out.</summary>
public sealed class DatabaseFaultTests
{
    public static TheoryData<string> Names => [.. DatabaseFaults.All.Select(static fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_found(string fault) => Assert.NotNull(Hunt.Find(fault, from: 1, Bounds.MostWorlds));

    [Fact]
    public void A_fault_that_is_not_there_is_refused() =>
        Assert.Contains("incarnation-unchecked", Assert.Throws<ArgumentException>(static () => Hunt.Find("no-such-fault", 1, 1)).Message, StringComparison.Ordinal);
}
