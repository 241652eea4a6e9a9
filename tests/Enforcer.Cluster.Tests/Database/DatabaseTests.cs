using Enforcer.Cluster.Tests.Support;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Cluster.Tests.Database;

/// <summary>The same as on memory, on the database that production uses.</summary>
[Trait("needs", "foreign")]
[Collection(PostgresCollection.Name)]
public sealed class DatabaseTests(PostgresServer server)
{
    [Fact]
    public async Task Caps_hold_with_most_commands_at_the_wrong_node()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2", "n3");
        var load = new Load(30, 3_000, i => cluster[$"n{((i & 0x7FFF) % 3) + 1}"].Engine);
        await load.OpenAsync();
        load.Start(12);
        await load.CyclesAsync(3_000);
        await load.StopAsync();
        await load.AuditAsync(cluster["n3"]);
        Assert.All(cluster.Nodes, node => Assert.NotEqual(0, node.Cluster.PassedOn));
        foreach (var node in cluster.Nodes) Assert.InRange(await cluster.CountAsync(node.Name), 3, 20);
    }

    [Fact]
    public async Task A_killed_node_is_replaced_and_comes_back_for_its_share()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2", "n3");
        string[] front = ["n1", "n2"];
        var load = new Load(40, 100_000, i => cluster[front[i & 1]].Engine);
        await load.OpenAsync();
        load.Start(8);
        await load.CyclesAsync(300);
        await cluster["n3"].KillAsync();
        await Eventually.Async(async () => await cluster.CountAsync("n3") == 0, "the killed node's accounts belong to others");
        await load.CyclesAsync(300);
        await cluster.AddAsync("n3");
        await Eventually.Async(async () => await cluster.CountAsync("n3") >= 5, "it has its share again");
        await load.CyclesAsync(300);
        await load.StopAsync();
        await load.AuditAsync(cluster["n1"]);
    }

    [Fact]
    public async Task Draining_and_joining_under_load_show_nobody_an_error()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
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
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        var owner = "";
        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => node.Engine, 1, node.Name == "n1" ? Money.Open(100) : Money.Reserve(10))).Refusal);
            if (await node.Ownership.IsMineAsync(1, default)) owner = node.Name;
        }
        var (from, to) = (cluster[owner], cluster[owner == "n1" ? "n2" : "n1"]);
        var revocations = await from.Ownership.ReadRevocationsAsync(default);
        await from.Ownership.RefuseTakesAsync(default);
        Assert.Empty(await to.Ownership.TakeAsync(owner, [1], revocations, default));
        Assert.True(await from.Ownership.IsMineAsync(1, default));
        Assert.Equal(Refusal.Granted, (await to.Engine.ExecuteAsync(1, Money.Reserve(10))).Refusal);
    }

    [Fact]
    public async Task A_node_that_was_replaced_shows_nothing_of_what_it_has_in_memory()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        var (stale, heir) = (cluster["n1"], cluster["n2"]);
        var account = Enumerable.Range(1, 1_000).First(number => stale.Cluster.View.PlaceOf(number) == "n1");
        var reserve = Money.Reserve(40);
        await Money.DoAsync(() => stale.Engine, account, Money.Open(100));
        await Money.DoAsync(() => stale.Engine, account, reserve);
        Assert.Equal(40, (await stale.Engine.ReadAsync(account)).HeldNanos);
        // As if it had been frozen: it has everything in memory, and others have gone on since.
        await Eventually.Async(() => heir.Ownership.TakeOverAsync("n1", heir.Cluster.View.Find("n1")!.Row.Incarnation, default), "n1 is replaced");
        Assert.Equal(60, (await Money.DoAsync(() => heir.Engine, account, Money.Commit(reserve.OperationId, 60))).ChargedNanos);

        await RequireUntoldAsync(() => stale.Engine.ReadAsync(account));
        await RequireUntoldAsync(() => stale.Engine.ReadReservationAsync(account, reserve.OperationId));
        await RequireUntoldAsync(() => stale.Engine.ReadLedgerAsync(account).ToListAsync().AsTask());
        // Neither does it grant, nor refuse by what it believes.
        foreach (var nanos in (long[])[10, 61])
        {
            var told = await Record.ExceptionAsync(async () => Assert.Equal(Refusal.Unavailable, (await stale.Engine.ExecuteAsync(account, Money.Reserve(nanos))).Refusal));
            Assert.True(told is null or JournalLostException or JournalFencedException or JournalUnavailableException, told?.ToString());
        }
        Assert.IsType<JournalFencedException>(await stale.Ended.WaitAsync(TimeSpan.FromSeconds(20)));
        var reading = await heir.Engine.ReadAsync(account);
        Assert.Equal((60L, 0L), (reading.CommittedNanos, reading.HeldNanos));
    }

    /// <summary>It may find out by its lease, by its journal or by its accounts.</summary>
    private static async Task RequireUntoldAsync(Func<Task> read)
    {
        var error = await Record.ExceptionAsync(read);
        Assert.True(error is JournalLostException or JournalFencedException or JournalUnavailableException, error?.ToString() ?? "it was told");
    }
}
