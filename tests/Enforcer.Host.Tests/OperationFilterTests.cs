using Enforcer.Host.Operations;
using Enforcer.Ledger;

namespace Enforcer.Host.Tests;

/// <summary>The filter may only err on the side of "perhaps".</summary>
public sealed class OperationFilterTests
{
    [Fact]
    public void Everything_added_after_what_it_covers_is_found()
    {
        var random = new Random(4711);
        var filter = new OperationFilter(20_000);
        var added = new List<(long Account, OperationId Id, long AtMs)>();
        for (var i = 0; i < 60_000; i++)
        {
            var one = (Account: random.NextInt64(1, 100), Id: Id(random, i), AtMs: i + random.NextInt64(-50, 50));
            filter.Add(one.Account, one.Id, one.AtMs);
            added.Add(one);
        }
        Assert.True(filter.CoveredSinceMs > 0, "old generations must be forgotten, or the filter grows without bound");
        var covered = added.Where(one => one.AtMs > filter.CoveredSinceMs).ToList();
        Assert.True(covered.Count > 5_000);
        Assert.All(covered, one => Assert.True(filter.MayContain(one.Account, one.Id, one.AtMs)));
    }

    [Fact]
    public void Operations_added_again_and_again_drive_out_no_others()
    {
        var random = new Random(7);
        var filter = new OperationFilter(20_000);
        var first = Id(random, 0);
        filter.Add(1, first, 1);
        var walked = Enumerable.Range(1, 1_000).Select(i => Id(random, i)).ToArray();
        for (var walk = 0; walk < 100; walk++)
        {
            foreach (var id in walked) filter.Add(1, id, 2);
        }
        Assert.Equal(long.MinValue, filter.CoveredSinceMs);
        Assert.True(filter.MayContain(1, first, 0));
    }

    [Fact]
    public void What_was_not_added_is_almost_never_suspected()
    {
        var random = new Random(42);
        var filter = new OperationFilter(40_000);
        for (var i = 0; i < 40_000; i++) filter.Add(random.NextInt64(1, 100), Id(random, i), i);
        var suspected = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            if (filter.MayContain(random.NextInt64(1, 100), Id(random, i), long.MinValue)) suspected++;
        }
        Assert.True(suspected <= 3, $"{suspected} of 1,000,000 were suspected");
    }

    [Fact]
    public void The_same_id_on_another_account_is_another_operation()
    {
        var filter = new OperationFilter(1_024);
        var id = Id(new Random(1), 1);
        filter.Add(1, id, 5);
        Assert.True(filter.MayContain(1, id, 0));
        Assert.False(filter.MayContain(2, id, 0));
    }

    private static OperationId Id(Random random, long atMs) =>
        OperationId.NewV7(atMs, (ulong)random.NextInt64(), (ulong)random.NextInt64());
}
