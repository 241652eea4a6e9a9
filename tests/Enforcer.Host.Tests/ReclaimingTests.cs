using Enforcer.Host.Activations;

namespace Enforcer.Host.Tests;

public sealed class ReclaimingTests
{
    [Theory]
    [InlineData(19_999, 0, 0)]
    [InlineData(20_000, 0, 1)]
    [InlineData(20_000, 20_001, 0)]
    [InlineData(100_000, 100_000, 1)]
    public void The_heap_is_collected_when_more_have_left_than_are_there_and_not_a_few(int left, int remaining, int collections)
    {
        var collected = 0;
        var reclaiming = new Reclaiming(() => collected++);
        reclaiming.Note(left, remaining);
        Assert.Equal(collections, collected);
    }

    [Theory]
    [InlineData(999, 0, 0)]
    [InlineData(1_000, 0, 1)]
    [InlineData(1_000, 8_008, 0)]
    [InlineData(1_001, 8_008, 1)]
    public void When_nobody_leaves_any_more_fewer_are_worth_it(int left, int remaining, int collections)
    {
        var collected = 0;
        var reclaiming = new Reclaiming(() => collected++);
        reclaiming.Note(left, remaining);
        reclaiming.Note(0, remaining);
        reclaiming.Note(0, remaining);
        Assert.Equal(collections, collected);
    }

    [Fact]
    public void Those_who_leave_a_few_at_a_time_count_together_and_once()
    {
        var collected = 0;
        var reclaiming = new Reclaiming(() => collected++);
        for (var i = 0; i < 5_000; i++) reclaiming.Note(10, 100);
        Assert.Equal(2, collected);
    }
}
