using System.Globalization;
using Enforcer.Journal;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Fence;

/// <summary>Many accounts claimed at the same time: few statements, and each account exactly one owner.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class ClaimsTests(PostgresServer server)
{
    private const int Many = 3_000;

    [Fact]
    public async Task Many_first_touches_share_few_transactions()
    {
        var database = await server.NewDatabaseAsync();
        await using var node = await TestNode.StartAsync(database, "a");
        var heads = await Task.WhenAll(Numbers(1, Many).Select(account => node.Store.ClaimHeadAsync(account, default).AsTask()));
        Assert.Equal(Numbers(1, Many), heads.Select(head => head!.Account));
        Assert.All(heads, head => Assert.Equal((1L, 0L, 0L), (head!.Epoch, head.Seq, head.End.Seq)));
        Assert.InRange(await CountAsync(database, "SELECT count(DISTINCT xmin::text) FROM heads"), 1, Many / 100);
        // What is read again is what was made.
        var again = await Task.WhenAll(Numbers(1, Many).Select(account => node.Store.ClaimHeadAsync(account, default).AsTask()));
        Assert.All(again, head => Assert.Equal((1L, 0L), (head!.Epoch, head.Seq)));
    }

    [Fact]
    public async Task Nodes_that_claim_the_same_accounts_at_the_same_time_agree_on_each()
    {
        var database = await server.NewDatabaseAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(n => TestNode.StartAsync(database, $"node-{n}")));
        // Each in an order of its own: locks are taken in one order all the same.
        var claimed = await Task.WhenAll(nodes.Select((node, n) => Task.WhenAll(
            Numbers(1, Many).OrderBy(account => (account * 7_919) % (n + 11)).Select(account => node.Ownership.ClaimAsync(account)))));
        foreach (var account in claimed.SelectMany(owners => owners).GroupBy(owner => owner.Account))
        {
            Assert.Single(account.Select(owner => owner.Node).Distinct());
            Assert.Single(account, owner => owner.IsMine);
            Assert.All(account, owner => Assert.Equal(1, owner.Epoch));
        }
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task What_a_dead_node_left_is_inherited_in_bulk_and_epochs_rise()
    {
        var database = await server.NewDatabaseAsync();
        var dead = await TestNode.StartAsync(database, "dead");
        await using var living = await TestNode.StartAsync(database, "living");
        await using var heir = await TestNode.StartAsync(database, "heir");
        var known = await dead.NewAsync(1);
        await Task.WhenAll(Numbers(2, 1_000).Select(account => dead.Ownership.ClaimAsync(account)));
        await living.NewAsync(1_001);
        var mine = await heir.NewAsync(1_002);
        await dead.DisposeAsync();
        var incarnation = (await heir.Ownership.ReadNodesAsync()).Single(node => node.Node == "dead").Incarnation;
        Assert.True(await heir.Ownership.TakeOverAsync("dead", incarnation));

        var owners = await Task.WhenAll(Numbers(1, 1_003).Select(account => heir.Ownership.ClaimAsync(account)));
        Assert.All(owners[..1_000], owner => Assert.Equal(("heir", 2L, true), (owner.Node, owner.Epoch, owner.IsMine)));
        Assert.Equal(("living", 1L, false), (owners[1_000].Node, owners[1_000].Epoch, owners[1_000].IsMine));
        Assert.All(owners[1_001..], owner => Assert.Equal(("heir", 1L, true), (owner.Node, owner.Epoch, owner.IsMine)));
        Assert.InRange(await CountAsync(database, "SELECT count(DISTINCT xmin::text) FROM heads WHERE account <= 1000"), 1, 10);
        var found = await heir.GetAsync(1, known.NowMs);
        await History.RequireSameAsync(heir, known);
        await heir.Journal.WhenDurableAsync(found.Cycle(heir.Journal));
        await heir.Journal.WhenDurableAsync(mine.Cycle(heir.Journal));
    }

    [Fact]
    public async Task A_node_that_was_replaced_claims_nothing()
    {
        var database = await server.NewDatabaseAsync();
        await using var stale = await TestNode.StartAsync(database, "a");
        await using var successor = await TestNode.StartAsync(database, "b");
        await stale.Ownership.ClaimAsync(1);
        var incarnation = (await successor.Ownership.ReadNodesAsync())[0].Incarnation;
        Assert.True(await successor.Ownership.TakeOverAsync("a", incarnation));
        foreach (var claim in Numbers(1, 200).Select(account => stale.Ownership.ClaimAsync(account)).ToList())
            await Assert.ThrowsAsync<JournalFencedException>(() => claim);
        Assert.Equal(1, await CountAsync(database, "SELECT count(*) FROM heads"));
        Assert.Equal(2, (await successor.Ownership.ClaimAsync(1)).Epoch);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_nobody_else_along()
    {
        var database = await server.NewDatabaseAsync();
        await using var node = await TestNode.StartAsync(database, "a");
        using var givenUp = new CancellationTokenSource();
        var waits = Numbers(1, 50).Select(account => node.Ownership.ClaimAsync(account, account == 25 ? givenUp.Token : default)).ToList();
        await givenUp.CancelAsync();
        foreach (var (wait, account) in waits.Zip(Numbers(1, 50)).Where(pair => pair.Second != 25)) Assert.Equal((account, true), ((await wait).Account, (await wait).IsMine));
        Assert.True((await node.Ownership.ClaimAsync(25)).IsMine);
    }

    private static IEnumerable<long> Numbers(int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => (long)number);

    private static async Task<long> CountAsync(string database, string sql) =>
        Convert.ToInt64(await PostgresServer.SqlAsync(database, sql), CultureInfo.InvariantCulture);
}
