using Enforcer.Client.Tests.Support;

namespace Enforcer.Client.Tests;

public sealed class OperationIdsTests
{
    [Fact]
    public void An_id_is_a_UUIDv7_of_the_clocks_time()
    {
        var clock = new ManualClock();
        var id = new OperationIds(clock).Next();
        Assert.Equal(7, id.Version);
        Assert.Equal(0b10, id.Variant >> 2);
        var bytes = id.ToByteArray(bigEndian: true);
        Assert.Equal(clock.GetUtcNow().ToUnixTimeMilliseconds(), Convert.ToInt64(Convert.ToHexString(bytes[..6]), 16));
    }

    [Fact]
    public void No_two_ids_are_equal_also_over_several_blocks_of_randomness()
    {
        var ids = new OperationIds(new ManualClock());
        Assert.Equal(5_000, Enumerable.Range(0, 5_000).Select(_ => ids.Next()).ToHashSet().Count);
    }
}
