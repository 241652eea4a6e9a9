using Enforcer.Cluster.Tests.Support;
using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Storage.Postgres.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Enforcer.Orleans.Tests.Clusters;

/// <summary>Commands that a caller has at hand together, for accounts of another silo: as a session has them.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class TogetherTests(PostgresServer server)
{
    private const int Accounts = 60;

    /// <summary>Calls that may be under way at a time, and so frames that left before the last of the commands came.</summary>
    private const int MostFrames = 4;

    [Fact]
    public async Task They_leave_together_and_each_is_told_once()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        var accounts = await OpenElsewhereAsync(cluster);
        var router = cluster["n1"].Silo.Services.GetRequiredService<SiloRouter>();
        var (frames, takings) = (router.Frames, new Takings());
        Start(cluster["n1"].Engine, accounts, takings);
        await AllAreToldAsync(accounts, takings);
        Assert.All(takings.Taken, one => Assert.Equal((Refusal.Granted, 60L), (one.Outcome.Refusal, one.Outcome.HeldNanos)));
        Assert.InRange(router.Frames - frames, 1, MostFrames);
    }

    [Fact]
    public async Task Those_whose_accounts_have_left_memory_are_looked_for_and_told()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        var accounts = await OpenElsewhereAsync(cluster);
        var management = cluster["n1"].Silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        await Eventually.Async(async () =>
        {
            await management.ForceActivationCollection(TimeSpan.Zero);
            return !accounts.Exists(cluster["n2"].Host.MayBeActive);
        }, "the accounts have left memory");
        var takings = new Takings();
        Start(cluster["n1"].Engine, accounts, takings);
        await AllAreToldAsync(accounts, takings);
        Assert.All(takings.Taken, one => Assert.Equal((Refusal.Granted, 60L), (one.Outcome.Refusal, one.Outcome.HeldNanos)));
    }

    [Fact]
    public async Task Those_whose_silo_is_gone_are_told_once()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        var accounts = await OpenElsewhereAsync(cluster);
        var frozen = await cluster.FreezeAsync("n2");
        var takings = new Takings();
        Start(cluster["n1"].Engine, accounts, takings);
        await AllAreToldAsync(accounts, takings);
        Assert.All(takings.Taken, one => Assert.Contains(one.Outcome.Refusal, (Refusal[])[Refusal.Granted, Refusal.Unavailable]));
        await frozen.StopAsync();
    }

    /// <summary>Opens accounts, and answers those that the second silo has; the first one knows where they are.</summary>
    private static async Task<List<long>> OpenElsewhereAsync(PostgresCluster cluster)
    {
        for (var account = 1L; account <= Accounts; account++)
            Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => cluster["n1"].Engine, account, Money.Open(100))).Refusal);
        return Enumerable.Range(1, Accounts).Select(account => (long)account).Where(cluster["n2"].Host.MayBeActive).ToList();
    }

    private static void Start(IAccountEngine engine, List<long> accounts, Takings takings)
    {
        Assert.NotEmpty(accounts);
        var outbound = new OutboundCommands();
        foreach (var account in accounts)
            Assert.True(engine.StartOne(new AccountTarget(account, ""), Money.Reserve(60), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), (ulong)account, takings, outbound).IsTakenLater);
        outbound.Flush();
    }

    private static async Task AllAreToldAsync(List<long> accounts, Takings takings)
    {
        await Eventually.Async(() => takings.Taken.Count >= accounts.Count, "all are answered");
        Assert.Equal(accounts.Select(account => (ulong)account), takings.Taken.Select(one => one.Number).Order());
    }
}
