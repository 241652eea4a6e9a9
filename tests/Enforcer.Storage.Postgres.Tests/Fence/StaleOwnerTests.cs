using Enforcer.Journal;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Fence;

/// <summary>The three ways in which a primary key alone lets a stale owner in (SPEC 5.3), and what the fence does instead.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class StaleOwnerTests(PostgresServer server)
{
    [Fact]
    public async Task A_stale_owners_later_rows_do_not_slip_in_behind_a_conflict()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var database = await server.NewDatabaseAsync();
        await using var stale = await TestNode.StartAsync(database, "a");
        await using var successor = await TestNode.StartAsync(database, "b");
        var old = await stale.NewAsync(1);
        await ReplaceAsync(successor, "a");
        var account = await successor.GetAsync(1, old.NowMs);
        // The successor writes one entry less than the stale owner is about to: with a key of (account, seq) the last one would fit.
        await successor.Journal.WhenDurableAsync(account.Reserve(successor.Journal));
        var told = await Assert.ThrowsAnyAsync<Exception>(async () => await stale.Journal.WhenDurableAsync(old.Cycle(stale.Journal)));
        // The first of its entries may be refused before the second is appended to what has ended then.
        Assert.True(told is JournalLostException or JournalUnavailableException, told.ToString());
        // Those who wait are told before the journal has ended, from another thread.
        while (stale.Journal.Readiness != JournalReadiness.Ended) await Task.Delay(1, patience.Token);
        Assert.IsType<JournalFencedException>(stale.Journal.LastError);
        await successor.Journal.WhenDurableAsync(account.Cycle(successor.Journal));
        await History.RequireSameAsync(successor, account);
    }

    [Fact]
    public async Task A_stale_owner_is_refused_after_its_rows_were_archived()
    {
        var database = await server.NewDatabaseAsync();
        await using var stale = await TestNode.StartAsync(new PostgresOptions { ConnectionString = database, Node = "a", BatchesPerPartition = 2 });
        await using var successor = await TestNode.StartAsync(database, "b");
        var old = await stale.NewAsync(1, cycles: 8);
        await ReplaceAsync(successor, "a");
        var account = await successor.GetAsync(1, old.NowMs);
        await successor.Journal.WhenDurableAsync(account.Cycle(successor.Journal));
        await successor.Journal.Heads.WriteAsync([account.Head]);
        Assert.NotEmpty(await successor.Store.ArchiveAsync(long.MaxValue));
        await Assert.ThrowsAsync<JournalLostException>(async () => await stale.Journal.WhenDurableAsync(old.Reserve(stale.Journal)));
        Assert.IsType<JournalFencedException>(stale.Journal.LastError);
        Assert.Equal(account.Tail.Seq, (await successor.Reader.LoadAsync(1)).Tail.Seq);
    }

    [Fact]
    public async Task One_stale_account_harms_nobody_else_in_its_batch()
    {
        var database = await server.NewDatabaseAsync();
        await using var first = await TestNode.StartAsync(database, "a");
        await using var second = await TestNode.StartAsync(database, "b");
        var taken = await first.NewAsync(1);
        var others = new[] { await first.NewAsync(2), await first.NewAsync(3) };
        Assert.Equal([1L], await second.Ownership.TakeAsync("a", [1]));
        var moved = await second.GetAsync(1, taken.NowMs);
        await second.Journal.WhenDurableAsync(moved.Cycle(second.Journal));

        // One record of each account, in the same batches, unless the first of them is on its way already: then the loss is told when the last is appended.
        foreach (var other in others) other.Reserve(first.Journal);
        await Assert.ThrowsAsync<JournalLostException>(async () => await first.Journal.WhenDurableAsync(taken.Reserve(first.Journal)));
        foreach (var other in others) Assert.False(first.IsLost(other.Tail));
        Assert.True(first.IsLost(taken.Tail));
        Assert.Equal([1L], (await first.FirstLoss).Accounts);
        foreach (var other in others)
        {
            await first.Journal.WhenDurableAsync(other.Cycle(first.Journal));
            await History.RequireSameAsync(first, other);
        }
        await second.Journal.WhenDurableAsync(moved.Cycle(second.Journal));
        await History.RequireSameAsync(second, moved);
        Assert.False((await first.Ownership.ClaimAsync(1)).IsMine);
    }

    [Fact]
    public async Task A_node_learns_of_all_it_lost_whichever_accounts_its_next_batch_is_for()
    {
        var database = await server.NewDatabaseAsync();
        await using var first = await TestNode.StartAsync(database, "a");
        await using var second = await TestNode.StartAsync(database, "b");
        var idle = await first.NewAsync(1);
        var busy = await first.NewAsync(2);
        Assert.True(await first.Store.IsCurrentAsync());
        await second.Ownership.TakeAsync("a", [1]);
        Assert.False(await first.Store.IsCurrentAsync());
        await first.Journal.WhenDurableAsync(busy.Cycle(first.Journal));
        Assert.True(first.IsLost(idle.Tail));
        Assert.Throws<JournalLostException>(() => idle.Cycle(first.Journal));
        Assert.True(await first.Store.IsCurrentAsync());
        await History.RequireSameAsync(first, busy);
    }

    [Fact]
    public async Task A_node_that_was_replaced_claims_takes_and_writes_nothing()
    {
        var database = await server.NewDatabaseAsync();
        await using var stale = await TestNode.StartAsync(database, "a");
        await using var successor = await TestNode.StartAsync(database, "b");
        var old = await stale.NewAsync(1);
        await successor.NewAsync(2);
        await ReplaceAsync(successor, "a");
        await Assert.ThrowsAsync<JournalFencedException>(() => stale.Ownership.ClaimAsync(3));
        await Assert.ThrowsAsync<JournalFencedException>(() => stale.Ownership.ClaimAsync(1));
        await Assert.ThrowsAsync<JournalFencedException>(() => stale.Ownership.TakeAsync("b", [2]));
        await Assert.ThrowsAsync<JournalFencedException>(() => ReplaceAsync(stale, "b"));
        await Assert.ThrowsAsync<JournalFencedException>(() => stale.Store.WriteHeadsAsync([old.Head], 0, default));
        await Assert.ThrowsAsync<JournalFencedException>(() => stale.Store.ReadTipAsync(default));
        Assert.False(await stale.Store.IsCurrentAsync());
        Assert.Equal([2L], (await successor.Ownership.FindAsync([2, 3])).Keys);
        Assert.True((await successor.Ownership.FindAsync([2]))[2].IsMine);
    }

    private static async Task ReplaceAsync(TestNode successor, string dead)
    {
        var found = (await successor.Ownership.ReadNodesAsync()).Single(node => node.Node == dead);
        Assert.True(await successor.Ownership.TakeOverAsync(dead, found.Incarnation));
    }
}
