using Enforcer.Cluster.Tests.Support;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Cluster.Tests.Database;

/// <summary>What every cluster must hold to, whatever its nodes are made of, on the database that production uses.</summary>
public abstract class ExactnessSuite(PostgresServer server)
{
    [Fact]
    public async Task Each_node_sees_what_the_others_did()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        var (first, second) = (cluster["n1"].Engine, cluster["n2"].Engine);
        Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => first, 1, Money.Open(100))).Refusal);
        var reserve = Money.Reserve(60);
        Assert.Equal(60, (await Money.DoAsync(() => second, 1, reserve)).HeldNanos);
        Assert.Equal(Refusal.ExceedsSpendCapInFlight, (await Money.DoAsync(() => first, 1, Money.Reserve(41))).Refusal);
        Assert.Equal(55, (await Money.DoAsync(() => first, 1, Money.Commit(reserve.OperationId, 55))).ChargedNanos);
        foreach (var engine in new[] { first, second })
        {
            var reading = await engine.ReadAsync(1);
            Assert.Equal((55L, 0L), (reading.CommittedNanos, reading.HeldNanos));
            Assert.Equal(EntryKind.Committed, (await engine.ReadLedgerAsync(1).FirstAsync()).Kind);
            Assert.Equal(55, (await engine.ReadReservationAsync(1, reserve.OperationId))!.CommittedNanos);
            Assert.Equal([1L], await engine.ReadActiveAsync().ToListAsync());
        }
    }

    [Theory]
    [InlineData("n1", "n2")]
    [InlineData("n1", "n2", "n3")]
    public async Task Caps_hold_with_most_commands_at_the_wrong_node(params string[] names)
    {
        await using var cluster = await PostgresCluster.StartAsync(server, names);
        var load = new Load(20, 250, i => cluster[names[(i & 0x7FFF) % names.Length]].Engine);
        await load.OpenAsync();
        load.Start(16);
        await load.CyclesAsync(920);
        await load.StopAsync();
        Assert.NotEqual(0, load.Refused);
        await load.AuditAsync(cluster[names[^1]]);
        Assert.All(cluster.Nodes, node => Assert.NotEqual(0, node.PassedOn));
        foreach (var name in names) Assert.InRange(await cluster.CountAsync(name), 1, 19);
    }

    [Fact]
    public async Task Many_accounts_that_one_node_makes_at_once_are_all_made_and_spread()
    {
        const int Accounts = 1_000;
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2", "n3");
        var made = await Task.WhenAll(Enumerable.Range(1, Accounts).Select(account => Money.DoAsync(() => cluster["n1"].Engine, account, Money.Open(100))));
        Assert.All(made, outcome => Assert.Equal((Refusal.Granted, 1L), (outcome.Refusal, outcome.Seq)));
        foreach (var node in cluster.Nodes) Assert.InRange(await cluster.CountAsync(node.Name), Accounts / 10, Accounts);
    }

    [Fact]
    public async Task A_killed_node_is_replaced_under_load_and_another_of_its_name_takes_part()
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
        await HasJoinedAsync(cluster, "n3");
        await load.CyclesAsync(300);
        await load.StopAsync();
        foreach (var name in (string[])["n1", "n3"]) await load.AuditAsync(cluster[name]);
    }

    [Fact]
    public async Task A_node_that_was_replaced_tells_nothing_that_was_so_before()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        var (stale, heir, account, reserve) = (cluster["n1"], cluster["n2"], 0L, Money.Reserve(40));
        do await Money.DoAsync(() => stale.Engine, ++account, Money.Open(100));
        while (!await stale.Ownership.IsMineAsync(account, default));
        await Money.DoAsync(() => stale.Engine, account, reserve);
        Assert.Equal(40, (await stale.Engine.ReadAsync(account)).HeldNanos);
        // As if it had been frozen: it has everything in memory, and others have gone on since.
        await heir.ReplaceAsync("n1");
        Assert.Equal(5, (await Money.DoAsync(() => heir.Engine, account, Money.Commit(reserve.OperationId, 5))).ChargedNanos);

        // Its own memory says that 40 are held. It says nothing, or what the heir has told it.
        await UntoldOrAsync(async () => Assert.Equal((5L, 0L), await BalancesAsync(stale, account)));
        await UntoldOrAsync(async () => Assert.Equal(5, (await stale.Engine.ReadReservationAsync(account, reserve.OperationId))!.CommittedNanos));
        await UntoldOrAsync(async () => Assert.Equal(EntryKind.Committed, (await stale.Engine.ReadLedgerAsync(account).FirstAsync()).Kind));
        // By that memory 61 do not fit, and 39 do.
        foreach (var command in (Command[])[Money.Reserve(61), Money.Reserve(39)])
        {
            await UntoldOrAsync(async () => Assert.Contains((await stale.Engine.ExecuteAsync(account, command)).Refusal, (Refusal[])[Refusal.Granted, Refusal.Unavailable]));
            Assert.Equal(command.AmountNanos, (await Money.DoAsync(() => heir.Engine, account, command)).HeldNanos);
            await Money.DoAsync(() => heir.Engine, account, new Command { Kind = CommandKind.Release, OperationId = Money.NewId(), ReservationId = command.OperationId });
        }
        Assert.IsType<JournalFencedException>(await stale.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((5L, 0L), await BalancesAsync(heir, account));
    }

    [Fact]
    public async Task What_a_replaced_node_still_has_in_its_memory_is_served_by_others()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        var (stale, heir, mine, next) = (cluster["n1"], cluster["n2"], new List<long>(), 0L);
        while (mine.Count < 2)
        {
            await Money.DoAsync(() => stale.Engine, ++next, Money.Open(100));
            if (await stale.Ownership.IsMineAsync(next, default)) mine.Add(next);
        }
        var reserve = Money.Reserve(40);
        await Money.DoAsync(() => stale.Engine, mine[0], reserve);
        await heir.ReplaceAsync("n1");
        // By the one account its journal finds out; of the other one nothing was lost, so that nothing makes it leave memory.
        await UntoldOrAsync(async () => Assert.Contains((await stale.Engine.ExecuteAsync(mine[1], Money.Reserve(1))).Refusal, (Refusal[])[Refusal.Granted, Refusal.Unavailable]));
        Assert.IsType<JournalFencedException>(await stale.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
        // Soon: whoever is asked has to find out that it must look elsewhere, before it gives up.
        Assert.Equal(5, (await Money.DoAsync(() => heir.Engine, mine[0], Money.Commit(reserve.OperationId, 5)).WaitAsync(TimeSpan.FromSeconds(10))).ChargedNanos);
    }

    /// <summary>Completes when a node that was added has come to hold what it should.</summary>
    private protected virtual Task HasJoinedAsync(PostgresCluster cluster, string node) => Task.CompletedTask;

    private static async Task<(long Committed, long Held)> BalancesAsync(TestNode node, long account)
    {
        var reading = await node.Engine.ReadAsync(account);
        return (reading.CommittedNanos, reading.HeldNanos);
    }

    /// <summary>It may find out by its lease, by its journal or by its accounts.</summary>
    private static async Task UntoldOrAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (Exception untold) when (untold is JournalLostException or JournalFencedException or JournalUnavailableException)
        {
        }
    }
}
