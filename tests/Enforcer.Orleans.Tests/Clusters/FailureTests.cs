using Enforcer.Cluster.Tests.Support;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Storage.Postgres.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Enforcer.Orleans.Tests.Clusters;

/// <summary>Silos come and go under load; nothing is lost, nothing is doubled, and nobody is told what is not so.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class FailureTests(PostgresServer server)
{
    [Fact]
    public async Task A_silo_that_is_gone_without_a_word_is_replaced_and_what_it_still_says_is_refused()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2", "n3");
        string[] front = ["n1", "n2"];
        var load = new Load(30, 1_000, i => cluster[front[i & 1]].Engine);
        await load.OpenAsync();
        // Held in the third one's memory, and without a grain that could let it go.
        Assert.Equal(Refusal.Granted, (await cluster["n3"].Host.ExecuteAsync(100, Money.Open(100))).Refusal);
        load.Start(8);
        await load.CyclesAsync(300);

        var frozen = await cluster.FreezeAsync("n3");
        await Eventually.Async(() => IsReplacedAsync(cluster, "n3"), "the silo was replaced");
        await load.CyclesAsync(300);
        Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => cluster["n1"].Engine, 100, Money.Reserve(100))).Refusal);
        // It wakes and believes that nothing has happened.
        Assert.False(await IsGrantedAsync(frozen));
        Assert.IsType<JournalFencedException>(await frozen.Ended.WaitAsync(TimeSpan.FromSeconds(20)));
        await frozen.StopAsync();
        await load.StopAsync();
        await load.AuditAsync(cluster["n2"]);
        Assert.Equal(100, (await cluster["n2"].Engine.ReadAsync(100)).HeldNanos);
    }

    [Fact]
    public async Task A_silo_that_is_added_and_one_that_is_stopped_under_load_are_not_noticed()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        string[] front = ["n1", "n2"];
        var errors = 0;
        var load = new Load(30, 1_000, i => new NoRetry(cluster[Volatile.Read(ref front)[i & 1]].Engine, () => Interlocked.Increment(ref errors)));
        await load.OpenAsync();
        load.Start(8);
        await load.CyclesAsync(300);
        await cluster.AddAsync("n3");
        Volatile.Write(ref front, ["n1", "n3"]);
        await load.CyclesAsync(300);
        await cluster.RemoveAsync("n2");
        await load.CyclesAsync(300);
        await load.StopAsync();
        Assert.Equal(0, errors);
        await load.AuditAsync(cluster["n3"]);
    }

    [Fact]
    public async Task Grains_that_end_and_come_back_under_load_are_not_noticed()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        string[] front = ["n1", "n2"];
        var load = new Load(30, 1_000, i => cluster[front[i & 1]].Engine);
        await load.OpenAsync();
        var grains = cluster["n1"].Silo.Services.GetRequiredService<IGrainFactory>();
        var management = grains.GetGrain<IManagementGrain>(0);
        // It does end them, when nothing keeps them.
        Assert.NotEmpty(await ActiveAsync(grains));
        await Eventually.Async(async () =>
        {
            await management.ForceActivationCollection(TimeSpan.Zero);
            return (await ActiveAsync(grains)).Count == 0;
        }, "the accounts' grains were collected");
        load.Start(8);
        for (var round = 0; round < 5; round++)
        {
            await load.CyclesAsync(50);
            await management.ForceActivationCollection(TimeSpan.Zero);
        }
        await load.CyclesAsync(200);
        await load.StopAsync();
        Assert.NotEmpty(await ActiveAsync(grains));
        await load.AuditAsync(cluster["n2"]);
    }

    private static async Task<List<GrainId>> ActiveAsync(IGrainFactory grains) =>
        await grains.GetGrain<IManagementGrain>(0).GetActiveGrains(grains.GetGrain<IAccountGrain>(0).GetGrainId().Type);

    [Fact]
    public async Task A_node_that_is_killed_and_started_again_at_once_is_served_again_without_a_loss()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2", "n3");
        string[] front = ["n1", "n2"];
        var load = new Load(60, 1_000, i => cluster[front[i & 1]].Engine);
        await load.OpenAsync();
        load.Start(8);
        await load.CyclesAsync(200);
        var killed = await cluster.FreezeAsync("n3");
        await cluster.AddAsync("n3");
        await load.CyclesAsync(400);
        await load.StopAsync();
        await load.AuditAsync(cluster["n3"]);
        await killed.StopAsync();
    }

    /// <summary>Whether it grants: it may know already that its journal has ended, or find out with this.</summary>
    private static async Task<bool> IsGrantedAsync(TestNode node)
    {
        try
        {
            return (await node.Host.ExecuteAsync(100, Money.Reserve(100))).IsGranted;
        }
        catch (Exception failure) when (failure is JournalLostException or JournalUnavailableException or JournalFencedException)
        {
            return false;
        }
    }

    private static async Task<bool> IsReplacedAsync(PostgresCluster cluster, string name) =>
        (await cluster["n1"].Store.Ownership.ReadNodesAsync()).Single(node => node.Node == name).State == Storage.Postgres.NodeState.Replaced;
}
