using Enforcer.LoadTests.Chaos;

namespace Enforcer.LoadTests.Tests;

public sealed class FaultPlanTests
{
    private static readonly FaultKind[] All = Enum.GetValues<FaultKind>();
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_seed_is_a_series()
    {
        Assert.Equal(FaultPlan.Draw(7, All, 50, TenMinutes, nodes: 3), FaultPlan.Draw(7, All, 50, TenMinutes, nodes: 3));
        Assert.NotEqual(FaultPlan.Draw(7, All, 50, TenMinutes, nodes: 3), FaultPlan.Draw(8, All, 50, TenMinutes, nodes: 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_kind_is_made_about_equally_often(int seed)
    {
        var counts = FaultPlan.Draw(seed, All, 214, TenMinutes, nodes: 3).CountBy(fault => fault.Kind).ToDictionary();

        Assert.Equal(All.Length, counts.Count);
        Assert.True(counts.Values.Max() - counts.Values.Min() <= 1);
    }

    [Fact]
    public void Faults_hit_what_is_there_and_begin_within_the_time()
    {
        var faults = FaultPlan.Draw(1, All, 500, TenMinutes, nodes: 3);

        Assert.Equal(Enumerable.Range(0, 500), faults.Select(fault => fault.Number));
        Assert.All(faults, fault =>
        {
            Assert.InRange(fault.At, TimeSpan.Zero, TenMinutes);
            Assert.InRange(fault.Node, fault.IsOfDatabase ? -1 : 0, fault.IsOfDatabase ? -1 : 2);
            Assert.Equal(fault.Kind == FaultKind.CutNodes, fault.Other is >= 0 and < 3 && fault.Other != fault.Node);
        });
    }
}
