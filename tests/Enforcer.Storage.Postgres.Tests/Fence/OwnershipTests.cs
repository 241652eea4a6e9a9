using Enforcer.Journal;
using Enforcer.Journal.Tests.Support;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Fence;

/// <summary>How accounts go from node to node, and that nothing is lost on the way.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class OwnershipTests(PostgresServer server)
{
    [Fact]
    public async Task An_account_is_claimed_by_exactly_one_of_many()
    {
        var database = await server.NewDatabaseAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => TestNode.StartAsync(database, $"node-{n}")));
        var owners = await Task.WhenAll(nodes.Select(node => node.Ownership.ClaimAsync(7)));
        Assert.Single(owners, owner => owner.IsMine);
        Assert.Single(owners.Select(owner => owner.Node).Distinct());
        Assert.All(owners, owner => Assert.Equal((1L, NodeState.Living), (owner.Epoch, owner.State)));
        Assert.Equal(Enumerable.Range(0, 4), (await nodes[0].Ownership.ReadNodesAsync()).Select(node => node.Stream));
        Assert.Equal([7L], await nodes[0].Ownership.ListAsync(owners[0].Node, 0, 10));
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task An_account_goes_to_a_higher_stream_and_back_and_keeps_one_history()
    {
        var database = await server.NewDatabaseAsync();
        await using var low = await TestNode.StartAsync(database, "a");
        await using var high = await TestNode.StartAsync(database, "b");
        var account = await low.NewAsync(1);
        var others = new Dictionary<TestNode, TestAccount> { [low] = await low.NewAsync(2), [high] = await high.NewAsync(3) };
        var all = account.All.ToList();
        for (var move = 1; move <= 6; move++)
        {
            var (from, to) = move % 2 == 1 ? (low, high) : (high, low);
            Assert.Equal([1L], await to.Ownership.TakeAsync(from.Name, [1]));
            // The node goes on with its other work, and finds out.
            await from.Journal.WhenDurableAsync(others[from].Cycle(from.Journal));
            var nowMs = account.NowMs;
            account = await to.GetAsync(1, nowMs);
            Assert.Equal(move + 1, (await to.Ownership.FindAsync([1]))[1].Epoch);
            for (var i = 0; i < 3; i++) account.Cycle(to.Journal);
            await to.Journal.WhenDurableAsync(account.Tail.Ticket);
            all.AddRange(account.All);
            // Every other time the snapshot stays behind in another stream.
            if (move % 3 == 0) await to.Journal.Heads.WriteAsync([account.Head]);
            Assert.Equal(all, await History.ReadAsync(to, 1));
        }
        await History.RequireSameAsync(low, account);
    }

    [Fact]
    public async Task A_take_that_has_much_to_read_lets_the_owner_go_on_meanwhile_and_finds_the_end()
    {
        var database = await server.NewDatabaseAsync();
        await using var from = await TestNode.StartAsync(database, "a");
        await using var to = await TestNode.StartAsync(database, "b");
        var (account, other) = (await from.NewAsync(1), await from.NewAsync(2));
        for (var i = 0; i < 60; i++) await from.Journal.WhenDurableAsync(account.Cycle(from.Journal));
        var isTaken = false;
        var writing = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isTaken)) await from.Journal.WhenDurableAsync(other.Cycle(from.Journal));
        });
        Assert.Equal([1L], await to.Ownership.TakeAsync("a", [1]));
        Volatile.Write(ref isTaken, true);
        await writing;
        var head = (await to.Store.ReadHeadAsync(1, default))!;
        Assert.Equal((account.Tail.Seq, account.Tail.LastBatch, account.Tail.Crc), (head.End.Seq, head.End.LastBatch, head.End.Crc));
        Assert.Equal(account.All, await History.ReadAsync(to, 1));
    }

    [Fact]
    public async Task A_planned_move_reads_next_to_nothing_and_troubles_nobody()
    {
        var database = await server.NewDatabaseAsync();
        await using var from = await TestNode.StartAsync(database, "a");
        await using var to = await TestNode.StartAsync(database, "b");
        var account = await from.NewAsync(1);
        var other = await from.NewAsync(2);
        await from.Journal.Heads.WriteAsync([account.Head, other.Head]);
        await to.Ownership.TakeAsync("a", [1]);
        Assert.True((await to.Reader.LoadAsync(1)).IsHeadCurrent);
        await from.Journal.WhenDurableAsync(other.Cycle(from.Journal));
        Assert.DoesNotContain(from.Lost, lost => lost.Accounts is null);
    }

    [Fact]
    public async Task A_node_whose_other_heads_are_behind_says_from_where_on_the_moved_accounts_are_to_be_read()
    {
        var database = await server.NewDatabaseAsync();
        await using var from = await TestNode.StartAsync(database, "a");
        await using var to = await TestNode.StartAsync(database, "b");
        var other = await from.NewAsync(3);
        var (busy, idle) = (await from.NewAsync(1), await from.NewAsync(2));
        await from.Journal.Heads.WriteAsync([busy.Head, idle.Head]);
        await from.Journal.WhenDurableAsync(other.Cycle(from.Journal));
        await from.Journal.WhenDurableAsync(busy.Cycle(from.Journal));
        var covered = from.Journal.Heads.CoveredThroughOf([1, 2]);
        Assert.InRange(covered, from.Journal.Heads.CoveredThrough + 1, busy.Tail.LastBatch - 1);
        await from.Journal.WhenDurableAsync(idle.Cycle(from.Journal));
        // What is before need not be there.
        await PostgresServer.SqlAsync(database, $"DELETE FROM batches WHERE number < {covered}");
        var revocations = await from.Ownership.ReadRevocationsAsync(default);
        Assert.Equal([1L, 2L], (await to.Ownership.TakeAsync("a", [1, 2], revocations, covered, default)).Select(static taken => taken.Account).Order());
        foreach (var account in new[] { busy, idle })
        {
            var head = (await to.Store.ReadHeadAsync(account.Tail.Account, default))!;
            Assert.Equal((account.Tail.Seq, account.Tail.LastBatch, account.Tail.Crc), (head.End.Seq, head.End.LastBatch, head.End.Crc));
        }
    }

    [Fact]
    public async Task A_dead_nodes_accounts_are_whole_and_anybodys()
    {
        var database = await server.NewDatabaseAsync();
        var accounts = new List<TestAccount>();
        var dead = await TestNode.StartAsync(database, "a");
        for (var n = 1; n <= 20; n++) accounts.Add(await dead.NewAsync(n, cycles: 1 + (n % 3)));
        // Some heads are behind, some were never written.
        await dead.Journal.Heads.WriteAsync([.. accounts.Where(a => a.Tail.Account % 2 == 0).Select(a => a.Head)]);
        foreach (var account in accounts) await dead.Journal.WhenDurableAsync(account.Cycle(dead.Journal));
        await dead.DisposeAsync();

        await using var first = await TestNode.StartAsync(database, "b");
        await using var second = await TestNode.StartAsync(database, "c");
        Assert.False((await first.Ownership.ClaimAsync(1)).IsMine);
        var incarnation = (await first.Ownership.ReadNodesAsync())[0].Incarnation;
        // Both may find the node dead.
        Assert.All(await Task.WhenAll(new[] { first, second }.Select(n => n.Ownership.TakeOverAsync("a", incarnation))), Assert.True);
        Assert.Equal(NodeState.Replaced, (await first.Ownership.ReadNodesAsync())[0].State);
        foreach (var account in accounts)
        {
            var heir = account.Tail.Account % 3 == 0 ? second : first;
            var found = await heir.GetAsync(account.Tail.Account, account.NowMs);
            await History.RequireSameAsync(heir, account);
            await heir.Journal.WhenDurableAsync(found.Cycle(heir.Journal));
            await History.RequireSameAsync(heir, found);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_dead_node_left_behind_its_heads_is_due_at_once_also_if_nobody_asks_for_it(bool hasHead)
    {
        var database = await server.NewDatabaseAsync();
        var dead = await TestNode.StartAsync(database, "a");
        var behind = await dead.NewAsync(1);
        var complete = await dead.NewAsync(2);
        await dead.Journal.Heads.WriteAsync(hasHead ? [behind.Head, complete.Head] : [complete.Head]);
        await dead.Journal.WhenDurableAsync(behind.Cycle(dead.Journal));
        await dead.DisposeAsync();

        await using var heir = await TestNode.StartAsync(database, "b");
        Assert.True(await heir.Ownership.TakeOverAsync("a", (await heir.Ownership.ReadNodesAsync())[0].Incarnation));
        await heir.Ownership.InheritAsync("a", [1, 2], CancellationToken.None);
        Assert.Equal([1L], (await heir.Journal.Heads.ReadDueAsync(complete.NowMs, 10)).Select(due => due.Account));
        // The journal is sound meanwhile, and the heir's own head says when the account is really due.
        Assert.True(await History.IsSoundAsync(database));
        var found = await heir.GetAsync(1, behind.NowMs);
        await heir.Journal.Heads.WriteAsync([found.Head]);
        Assert.Empty(await heir.Journal.Heads.ReadDueAsync(complete.NowMs, 10));
    }

    [Fact]
    public async Task A_node_that_comes_back_keeps_what_nobody_claimed()
    {
        var database = await server.NewDatabaseAsync();
        var dead = await TestNode.StartAsync(database, "a");
        var claimed = await dead.NewAsync(1);
        var kept = await dead.NewAsync(2);
        await dead.DisposeAsync();
        await using var other = await TestNode.StartAsync(database, "b");
        var incarnation = (await other.Ownership.ReadNodesAsync())[0].Incarnation;
        Assert.True(await other.Ownership.TakeOverAsync("a", incarnation));
        Assert.True((await other.Ownership.ClaimAsync(1)).IsMine);

        await using var back = await TestNode.StartAsync(database, "a");
        Assert.Equal("b", (await back.Ownership.ClaimAsync(1)).Node);
        Assert.Equal("a", (await other.Ownership.ClaimAsync(2)).Node);
        // It was found dead in another life.
        Assert.False(await other.Ownership.TakeOverAsync("a", incarnation));
        var again = await back.GetAsync(2, kept.NowMs);
        await back.Journal.WhenDurableAsync(again.Cycle(back.Journal));
        await History.RequireSameAsync(back, again);
        await History.RequireSameAsync(other, claimed);
    }

    [Fact]
    public async Task What_was_told_before_a_takeover_is_there_after_it_and_what_is_told_after_it_came_before()
    {
        var database = await server.NewDatabaseAsync();
        await using var successor = await TestNode.StartAsync(database, "successor");
        for (var round = 0; round < 8; round++)
        {
            await using var zombie = await TestNode.StartAsync(database, $"zombie-{round}");
            var account = await zombie.NewAsync(round + 1, cycles: 0);
            long told = 0;
            var writing = Task.Run(async () =>
            {
                while (true)
                {
                    var ticket = account.Cycle(zombie.Journal);
                    await zombie.Journal.WhenDurableAsync(ticket);
                    Volatile.Write(ref told, account.Tail.Seq);
                }
            });
            while (Volatile.Read(ref told) < 3 + (2 * round)) await Task.Yield();
            var incarnation = (await successor.Ownership.ReadNodesAsync()).Single(node => node.Node == zombie.Name).Incarnation;
            Assert.True(await successor.Ownership.TakeOverAsync(zombie.Name, incarnation));
            var found = await successor.GetAsync(round + 1);
            // Nothing is told any more that the successor has not seen.
            await Assert.ThrowsAnyAsync<Exception>(() => writing);
            Assert.True(Volatile.Read(ref told) <= found.Tail.Seq, $"Entry {told} was told, {found.Tail.Seq} is left.");
            Assert.Equal(account.All.Take((int)found.Tail.Seq), await History.ReadAsync(successor, round + 1));
        }
    }

    [Fact]
    public async Task Accounts_may_be_taken_back_and_forth_under_load()
    {
        var database = await server.NewDatabaseAsync();
        await using var first = await TestNode.StartAsync(database, "a");
        await using var second = await TestNode.StartAsync(database, "b");
        using var stop = new CancellationTokenSource();
        var durable = new long[9];
        for (var n = 1; n <= 8; n++) await first.NewAsync(n, cycles: 0);
        var writers = Enumerable.Range(1, 8).SelectMany(n => new[] { first, second }.Select(node => Task.Run(() => WriteAsync(node, n, durable, stop.Token)))).ToArray();
        for (var move = 0; move < 24; move++)
        {
            var account = 1 + (move % 8);
            var (from, to) = (await first.Ownership.FindAsync([account]))[account].IsMine ? (first, second) : (second, first);
            Assert.Equal([(long)account], await to.Ownership.TakeAsync(from.Name, [account]));
        }
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        for (var n = 1; n <= 8; n++)
        {
            var owner = (await first.Ownership.FindAsync([n]))[n].IsMine ? first : second;
            var loaded = await owner.Reader.LoadAsync(n);
            Assert.True(loaded.Tail.Seq >= durable[n], $"Account {n}: entry {durable[n]} was told, {loaded.Tail.Seq} is left.");
            Assert.Equal(loaded.Tail.Seq, (await History.ReadAsync(owner, n)).Count);
        }
    }

    /// <summary>A host in small: claims the account if it can, writes as long as it keeps it.</summary>
    private static async Task WriteAsync(TestNode node, long number, long[] durable, CancellationToken stop)
    {
        TestAccount? account = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                account ??= await node.GetAsync(number);
                // Time goes on with the account.
                account.NowMs = Math.Max(account.NowMs, account.State.LastAtMs);
                if (account.State.Seq == 0) account.Open(node.Journal);
                await node.Journal.WhenDurableAsync(account.Cycle(node.Journal));
                lock (durable) durable[number] = Math.Max(durable[number], account.Tail.Seq);
                if (account.Tail.Seq % 4 == 1) await node.Journal.Heads.WriteAsync([account.Head], CancellationToken.None);
            }
            catch (JournalLostException) when (account is not null && !node.IsLost(account.Tail))
            {
                // Others were taken, and fell out of its batch: nobody may be told of that batch, but it becomes durable without them, and this one goes on.
            }
            catch (Exception error) when (error is JournalLostException or JournalUnavailableException or JournalElsewhereException)
            {
                account = null;
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }
}
