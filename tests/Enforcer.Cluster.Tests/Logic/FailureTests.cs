using Enforcer.Cluster.Tests.Support;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Testing.Cluster;

namespace Enforcer.Cluster.Tests.Logic;

public sealed class FailureTests
{
    [Fact]
    public async Task A_killed_node_is_replaced_under_load_and_nothing_is_lost()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2", "n3");
        string[] front = ["n1", "n2"];
        var load = new Load(40, 4_000, i => cluster[front[i & 1]].Engine);
        await load.OpenAsync();
        load.Start(8);
        await load.CyclesAsync(500);
        Assert.NotEqual(0, cluster.Database.CountOf("n3"));
        await cluster["n3"].KillAsync();
        await Eventually.Async(() => cluster.Database.CountOf("n3") == 0, "the killed node's accounts belong to others");
        await load.CyclesAsync(500);
        await load.StopAsync();
        await load.AuditAsync(cluster["n2"]);
    }

    [Fact]
    public async Task A_node_that_cannot_reach_the_database_grants_nothing_and_goes_on_when_it_can()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1");
        var engine = cluster["n1"].Engine;
        await engine.ExecuteAsync(1, Money.Open(100));
        cluster.Database.Cut("n1", true);
        var reserve = Money.Reserve(10);
        await RequireNoAnswerAsync(engine.ExecuteAsync(1, reserve).AsTask());
        // What has no entry stands on memory alone: it is not told either, once the lease is over.
        await Eventually.Async(() => !cluster["n1"].Membership.IsCurrent, "the lease is over");
        await RequireNoAnswerAsync(engine.ExecuteAsync(1, Money.Reserve(1_000)).AsTask());
        await Assert.ThrowsAsync<JournalUnavailableException>(() => engine.ReadAsync(1));
        cluster.Database.Cut("n1", false);
        Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => engine, 1, reserve)).Refusal);
        Assert.Equal(10, (await engine.ReadAsync(1)).HeldNanos);
    }

    [Fact]
    public async Task A_node_whose_heartbeat_ends_unexpectedly_is_told_to_end()
    {
        await using var cluster = new MemoryCluster();
        BreakableMembers? registry = null;
        var node = await cluster.AddAsync("n1", registry: members => registry = new BreakableMembers(members));
        await cluster.SeesAsync("n1");
        var error = new InvalidOperationException("A fault that no rule foresees.");
        registry!.Break(error);
        Assert.Same(error, await node.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_node_whose_journal_was_opened_by_another_process_ends_though_its_heart_beats()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        // Such as one that was started under this name long ago, and whose connection comes through only now.
        await using var late = new MemoryNodeStore(cluster.Database, "n1");
        await late.OpenAsync("late", CancellationToken.None);
        Assert.True(await cluster["n2"].Cluster.DrainAsync("n1", isDraining: true));
        Assert.IsType<JournalFencedException>(await cluster["n1"].Ended.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_node_that_was_cut_off_and_replaced_tells_nothing_old_and_ends()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        await cluster["n1"].Engine.ExecuteAsync(1, Money.Open(100));
        var (owner, other) = cluster.Database.OwnerOf(1) == "n1" ? ("n1", "n2") : ("n2", "n1");
        cluster.Database.Cut(owner, true);
        cluster.Network.Block(owner, other);
        cluster.Network.Block(other, owner);
        await Eventually.Async(() => cluster.Database.OwnerOf(1) == other, "the account belongs to the other node");
        Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => cluster[other].Engine, 1, Money.Reserve(100))).Refusal);
        cluster.Database.Cut(owner, false);
        // It believes that the account is empty and its own: neither a grant nor a refusal nor a balance of it may be told.
        await RequireNoAnswerAsync(cluster[owner].Engine.ExecuteAsync(1, Money.Reserve(100)).AsTask());
        await RequireNoAnswerAsync(cluster[owner].Engine.ExecuteAsync(1, Money.Reserve(101)).AsTask());
        await Assert.ThrowsAnyAsync<Exception>(() => cluster[owner].Engine.ReadAsync(1));
        Assert.IsType<JournalFencedException>(await cluster[owner].Ended.WaitAsync(TimeSpan.FromSeconds(20)));
        await cluster[owner].KillAsync();
        Assert.Equal(100, (await cluster[other].Engine.ReadAsync(1)).HeldNanos);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nodes_that_do_not_reach_each_other_are_never_wrong(bool bothWays)
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2", "n3");
        var load = new Load(30, 3_000, i => cluster[$"n{(i % 3) + 1}"].Engine);
        await load.OpenAsync();
        load.Start(8);
        await load.CyclesAsync(200);
        cluster.Network.Block("n1", "n2");
        if (bothWays) cluster.Network.Block("n2", "n1");
        await load.CyclesAsync(200);
        cluster.Network.Heal("n1", "n2");
        cluster.Network.Heal("n2", "n1");
        await load.CyclesAsync(200);
        await load.StopAsync();
        await Eventually.Async(() => cluster.Nodes.All(node => node.Cluster.CutOff.Count == 0), "all nodes reach each other again");
        await load.AuditAsync(cluster["n1"]);
    }

    [Fact]
    public async Task Connections_that_break_again_and_again_lose_nothing()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        var load = new Load(10, 100_000, i => cluster[$"n{(i % 2) + 1}"].Engine);
        await load.OpenAsync();
        load.Start(8);
        for (var i = 0; i < 30; i++)
        {
            await load.CyclesAsync(20);
            cluster.Network.Cut("n1");
        }
        await load.StopAsync();
        await load.AuditAsync(cluster["n2"]);
    }

    private static async Task RequireNoAnswerAsync(Task<Outcome> pending)
    {
        try
        {
            Assert.Equal(Refusal.Unavailable, (await pending.WaitAsync(TimeSpan.FromSeconds(20))).Refusal);
        }
        catch (Exception error) when (error is JournalLostException or JournalUnavailableException or JournalFencedException)
        {
            // As it should be.
        }
    }
}
