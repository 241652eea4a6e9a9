using Enforcer.Simulation.Planting;

namespace Enforcer.Simulation.Tests;

/// <summary>Production code with one line edited is built and run: every such fault is found out.</summary>
public sealed class SourceFaultTests
{
    public static TheoryData<string> Names => [.. SourceFaults.All.Select(static fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_found(string fault) => Assert.NotNull(Hunt.Find(fault, from: 1, Bounds.MostWorlds));

    [Fact]
    public void A_fault_whose_place_has_changed_is_refused()
    {
        var fault = new SourceFault("gone", "", "Enforcer.Ledger/Outcome.cs", "what does not stand there", "");
        var folder = Directory.CreateTempSubdirectory();
        Assert.Contains("exactly once", Assert.Throws<InvalidOperationException>(() => MutantCompiler.Build(fault, folder.FullName)).Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }
}
