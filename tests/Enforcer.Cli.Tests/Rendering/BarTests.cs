using Enforcer.Cli.Rendering;

namespace Enforcer.Cli.Tests.Rendering;

public sealed class BarTests
{
    [Theory]
    [InlineData(0, 0, 100, 0, 0, 10)]
    [InlineData(50, 0, 100, 5, 0, 5)]
    [InlineData(20, 30, 100, 2, 3, 5)]
    [InlineData(1, 0, 1000, 1, 0, 9)]
    [InlineData(0, 1, 1000, 0, 1, 9)]
    [InlineData(1, 1, 1000, 1, 1, 8)]
    [InlineData(999, 0, 1000, 9, 0, 1)]
    [InlineData(100, 0, 100, 10, 0, 0)]
    [InlineData(150, 50, 100, 8, 2, 0)]
    [InlineData(0, 0, 0, 0, 0, 10)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, 5, 5, 0)]
    public void Cells_are_shared_out(long committed, long held, long cap, int committedCells, int heldCells, int headroomCells)
    {
        var bar = Bar.Of(committed, held, cap, 10);
        Assert.Equal((committedCells, heldCells, headroomCells), (bar.Committed, bar.Held, bar.Headroom));
    }

    [Fact]
    public void Bars_are_always_full_and_show_all_that_is_not_zero()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var (committed, held, cap) = (Size(random), Size(random), Size(random));
            var bar = Bar.Of(committed, held, cap, 12);
            Assert.Equal(12, bar.Committed + bar.Held + bar.Headroom);
            Assert.Equal(committed > 0, bar.Committed > 0);
            Assert.Equal(held > 0, bar.Held > 0);
            Assert.True(bar.Headroom >= 0);
        }
    }

    private static long Size(Random random) => random.Next(3) == 0 ? 0 : random.NextInt64(1, 1L << random.Next(1, 62));
}
