using Enforcer.Cluster.Tests.Support;
using Enforcer.Ledger;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Cluster.Tests.Database;

/// <summary>The built-in nodes on the database that production uses.</summary>
[Trait("needs", "foreign")]
[Collection(PostgresCollection.Name)]
public sealed class DatabaseTests(PostgresServer server) : ExactnessSuite(server)
{
    private readonly PostgresServer _server = server;

    [Fact]
    public async Task Draining_and_joining_under_load_show_nobody_an_error()
    {
        await using var cluster = await PostgresCluster.StartAsync(_server, "n1", "n2");
        var errors = 0;
        var load = new Load(60, 100_000, i => new NoRetry(cluster[$"n{(i & 1) + 1}"].Engine, () => Interlocked.Increment(ref errors)));
        await load.OpenAsync();
        load.Start(8);
        await load.CyclesAsync(200);
        await cluster.AddAsync("n3");
        await Eventually.Async(async () => await cluster.CountAsync("n3") >= 10, "the new node has its share");
        Assert.True(await cluster["n1"].Cluster.DrainAsync("n2", isDraining: true));
        await Eventually.Async(async () => await cluster.CountAsync("n2") == 0, "the draining node has no account");
        Assert.True(await cluster["n1"].Cluster.DrainAsync("n2", isDraining: false));
        await Eventually.Async(async () => await cluster.CountAsync("n2") >= 10, "it has its share again");
        await load.CyclesAsync(200);
        await load.StopAsync();
        Assert.Equal(0, errors);
        await load.AuditAsync(cluster["n3"]);
    }

    [Fact]
    public async Task A_take_that_was_called_off_takes_nothing()
    {
        await using var cluster = await PostgresCluster.StartAsync(_server, "n1", "n2");
        var owner = "";
        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => node.Engine, 1, node.Name == "n1" ? Money.Open(100) : Money.Reserve(10))).Refusal);
            if (await node.Ownership.IsMineAsync(1, default)) owner = node.Name;
        }
        var (from, to) = (cluster[owner], cluster[owner == "n1" ? "n2" : "n1"]);
        var revocations = await from.Ownership.ReadRevocationsAsync(default);
        await from.Ownership.RefuseTakesAsync(default);
        Assert.Empty(await to.Ownership.TakeAsync(owner, [1], revocations, 0, default));
        Assert.True(await from.Ownership.IsMineAsync(1, default));
        Assert.Equal(Refusal.Granted, (await to.Engine.ExecuteAsync(1, Money.Reserve(10))).Refusal);
    }

    /// <summary>Built-in nodes give a newcomer its share of the accounts.</summary>
    private protected override Task HasJoinedAsync(PostgresCluster cluster, string node) =>
        Eventually.Async(async () => await cluster.CountAsync(node) >= 5, "it has its share");
}
