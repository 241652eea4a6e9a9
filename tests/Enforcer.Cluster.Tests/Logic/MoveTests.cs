using Enforcer.Cluster.Tests.Support;
using Enforcer.Ledger;

namespace Enforcer.Cluster.Tests.Logic;

public sealed class MoveTests
{
    [Fact]
    public async Task A_joining_node_takes_its_share_under_load_without_an_error()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        var errors = 0;
        var load = new Load(60, 100_000, i => new NoRetry(cluster[$"n{(i % 2) + 1}"].Engine, () => Interlocked.Increment(ref errors)));
        await load.OpenAsync();
        load.Start(8);
        await load.CyclesAsync(200);
        await cluster.AddAsync("n3");
        await Eventually.Async(() => cluster.Database.CountOf("n3") >= 10, "the new node has its share");
        await load.CyclesAsync(300);
        await load.StopAsync();
        Assert.Equal(0, errors);
        await load.AuditAsync(cluster["n3"]);
        Assert.InRange(cluster.Database.CountOf("n3"), 10, 32);
    }

    [Fact]
    public async Task A_draining_node_hands_over_under_load_without_an_error()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2", "n3");
        var errors = 0;
        var load = new Load(60, 100_000, i => new NoRetry(cluster[$"n{(i % 3) + 1}"].Engine, () => Interlocked.Increment(ref errors)));
        await load.OpenAsync();
        load.Start(8);
        await load.CyclesAsync(200);
        Assert.True(await cluster["n1"].Cluster.DrainAsync("n2", isDraining: true));
        await Eventually.Async(() => cluster.Database.CountOf("n2") == 0, "the draining node has no account");
        await load.CyclesAsync(300);
        Assert.True(await cluster["n1"].Cluster.DrainAsync("n2", isDraining: false));
        await Eventually.Async(() => cluster.Database.CountOf("n2") >= 10, "it has its share again");
        await load.StopAsync();
        Assert.Equal(0, errors);
        await load.AuditAsync(cluster["n1"]);
    }

    [Fact]
    public async Task A_draining_node_gives_away_what_it_was_brought_since_it_looked()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        for (var account = 1L; account <= 20; account++) await cluster["n1"].Engine.ExecuteAsync(account, Money.Open(100));
        Assert.True(await cluster["n1"].Cluster.DrainAsync("n2", isDraining: true));
        await Eventually.Async(() => cluster.Database.CountOf("n2") == 0, "the draining node has no account");
        // As another node would have it that has not heard of the draining yet.
        var revocations = await cluster["n1"].Ownership.ReadRevocationsAsync(CancellationToken.None);
        Assert.Single(await cluster["n2"].Ownership.TakeAsync("n1", [1], revocations, 0, CancellationToken.None));
        await Eventually.Async(() => cluster.Database.CountOf("n2") == 0, "the draining node has given the account away again");
        Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => cluster["n1"].Engine, 1, Money.Reserve(10))).Refusal);
    }

    [Fact]
    public async Task Commands_for_an_account_that_has_moved_go_on_before_the_old_owner_has_taken_note()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        for (var account = 1L; account <= 20; account++) await cluster["n1"].Engine.ExecuteAsync(account, Money.Open(100));
        var moving = Enumerable.Range(1, 20).Where(account => cluster.Database.OwnerOf(account) == "n2").ToList();
        Assert.NotEmpty(moving);
        var noted = new TaskCompletionSource();
        cluster.Database.Acknowledging = noted.Task;
        try
        {
            Assert.True(await cluster["n1"].Cluster.DrainAsync("n2", isDraining: true));
            await Eventually.Async(() => cluster.Database.CountOf("n2") == 0, "the draining node has no account");
            // The other node still believes that they are where they were, and asks there.
            foreach (var account in moving) Assert.Equal(Refusal.Granted, (await cluster["n1"].Engine.ExecuteAsync(account, Money.Reserve(10))).Refusal);
        }
        finally
        {
            noted.SetResult();
        }
    }

    [Fact]
    public async Task Leaving_waits_until_the_accounts_are_with_others()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        for (var account = 1L; account <= 20; account++) await cluster["n1"].Engine.ExecuteAsync(account, Money.Open(100));
        await cluster["n2"].Cluster.LeaveAsync(CancellationToken.None);
        Assert.Equal(20, cluster.Database.CountOf("n1"));
    }

    [Fact]
    public async Task A_handover_whose_answer_is_lost_leaves_the_account_with_one_node()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2", "n3");
        var load = new Load(40, 100_000, i => cluster[$"n{(i % 3) + 1}"].Engine);
        await load.OpenAsync();
        load.Start(6);
        for (var i = 0; i < 6; i++)
        {
            await cluster["n1"].Cluster.DrainAsync("n2", isDraining: i % 2 == 0);
            await load.CyclesAsync(60);
            cluster.Network.Cut("n2");
            await load.CyclesAsync(60);
        }
        await load.StopAsync();
        await load.AuditAsync(cluster["n1"]);
    }

    [Fact]
    public async Task Draining_a_node_that_does_not_exist_is_said_so()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1");
        Assert.False(await cluster["n1"].Cluster.DrainAsync("n9", isDraining: true));
        Assert.Equal(Refusal.Granted, (await cluster["n1"].Engine.ExecuteAsync(1, Money.Open(100))).Refusal);
    }
}
