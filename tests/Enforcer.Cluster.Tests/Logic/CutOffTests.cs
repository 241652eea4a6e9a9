using Enforcer.Cluster.Tests.Support;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Testing.Cluster;

namespace Enforcer.Cluster.Tests.Logic;

/// <summary>Nodes that live and cannot reach each other: nobody waits for what will not come, and nobody is wrong.</summary>
public sealed class CutOffTests
{
    [Fact]
    public async Task What_is_for_a_node_that_lives_and_cannot_be_reached_is_answered_at_once()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        var account = await AccountOfAsync(cluster, "n2");
        await CutAsync(cluster, "n1", "n2", account);
        var before = cluster["n1"].Cluster.View;
        // The first asks the journal whether the account went elsewhere; the others do not even do that.
        for (var i = 0; i < 200; i++)
            Assert.Equal(Refusal.Unavailable, (await cluster["n1"].Engine.ExecuteAsync(account, Money.Reserve(1)).AsTask().WaitAsync(TimeSpan.FromSeconds(20))).Refusal);
        Assert.Equal(0, cluster["n1"].Cluster.Waiting);
        var problem = (await Assert.ThrowsAsync<JournalUnavailableException>(() => cluster["n1"].Engine.ReadAsync(account))).Message;
        Assert.Equal($"Node n2, which has account {account}, cannot be reached from node n1; ask another node.", problem);
        // Nobody was taken for dead for that, and whoever asks the other node is served.
        Assert.True(before.Find("n2")!.IsServing && cluster["n1"].Cluster.View.Find("n2")!.IsServing);
        Assert.Equal(Refusal.Granted, (await cluster["n2"].Engine.ExecuteAsync(account, Money.Reserve(1))).Refusal);
    }

    [Fact]
    public async Task It_goes_on_by_itself_when_the_two_reach_each_other_again()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        var account = await AccountOfAsync(cluster, "n2");
        await CutAsync(cluster, "n1", "n2", account);
        cluster.Network.Heal("n1", "n2");
        await Eventually.Async(() => cluster["n1"].Cluster.CutOff.Count == 0, "n1 reaches n2 again, without being asked for anything");
        Assert.Equal(Refusal.Granted, (await cluster["n1"].Engine.ExecuteAsync(account, Money.Reserve(1))).Refusal);
    }

    [Fact]
    public async Task An_account_that_went_elsewhere_meanwhile_is_found_there()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2", "n3");
        var account = await AccountOfAsync(cluster, "n2");
        await CutAsync(cluster, "n1", "n2", account);
        Assert.True(await cluster["n3"].Cluster.DrainAsync("n2", isDraining: true));
        await Eventually.Async(() => cluster.Database.CountOf("n2") == 0, "n2 has handed its accounts over");
        Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => cluster["n1"].Engine, account, Money.Reserve(1))).Refusal);
        Assert.Equal(AccountStatus.Active, (await cluster["n1"].Engine.ReadAsync(account)).Status);
    }

    [Fact]
    public async Task What_is_for_a_dead_node_waits_until_it_is_replaced()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        var account = await AccountOfAsync(cluster, "n2");
        await cluster["n2"].KillAsync();
        Assert.Equal(Refusal.Granted, (await cluster["n1"].Engine.ExecuteAsync(account, Money.Reserve(1))).Refusal);
        Assert.Equal("n1", cluster.Database.OwnerOf(account));
        Assert.Empty(cluster["n1"].Cluster.CutOff);
    }

    [Fact]
    public async Task The_owner_decides_nothing_whose_deadline_is_over()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        var wait = TimeSpan.FromMilliseconds(100);
        // One that n2 is asked for by n1, and must load first; that takes longer than the command has.
        var account = Enumerable.Range(1, 1_000).First(number => cluster["n1"].Cluster.View.PlaceOf(number) == "n2");
        var claimed = new TaskCompletionSource();
        ((MemoryNodeStore)cluster["n2"].Store).BeforeClaim = async asked =>
        {
            if (asked != account) return;
            var from = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(from) < wait * 2) await Task.Delay(10);
            claimed.TrySetResult();
        };
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var late = cluster["n1"].Engine.Start(new Host.AccountTarget(account, ""), Money.Open(100), nowMs, nowMs + (long)wait.TotalMilliseconds);
        Assert.Equal(Refusal.Unavailable, (await late.Pending!.WaitAsync(TimeSpan.FromSeconds(20))).Outcome.Refusal);
        await claimed.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(AccountStatus.None, (await cluster["n2"].Engine.ReadAsync(account)).Status);
        Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => cluster["n1"].Engine, account, Money.Open(100))).Refusal);
    }

    /// <summary>An open account of a node, which the other one has asked it for.</summary>
    private static async Task<long> AccountOfAsync(MemoryCluster cluster, string node)
    {
        for (var account = 1L; ; account++)
        {
            Assert.Equal(Refusal.Granted, (await cluster["n1"].Engine.ExecuteAsync(account, Money.Open(1_000))).Refusal);
            if (cluster.Database.OwnerOf(account) == node) return account;
        }
    }

    private static async Task CutAsync(MemoryCluster cluster, string one, string other, long account)
    {
        cluster.Network.Block(one, other);
        await Eventually.Async(
            () =>
            {
                // It is found out by asking.
                _ = cluster[one].Engine.ExecuteAsync(account, Money.Reserve(1)).AsTask();
                return cluster[one].Cluster.CutOff.Contains(other);
            },
            $"{one} has found out that it cannot reach {other}");
    }
}
