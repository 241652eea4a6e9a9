using Enforcer.Cluster.Tests.Support;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Storage.Postgres.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Enforcer.Orleans.Tests.Clusters;

/// <summary>
/// Two silos that do not see each other have a grain each for every account: what Orleans calls at most one in steady state is two here, all the time.
/// </summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class DuplicateTests(PostgresServer server)
{
    [Fact]
    public async Task Of_two_grains_of_one_account_only_one_can_grant_and_neither_tells_what_is_old()
    {
        await using var cluster = new PostgresCluster(await server.NewDatabaseAsync());
        var (first, second) = ((await cluster.AddAsync("n1", "one")).Engine, (await cluster.AddAsync("n2", "two")).Engine);
        await first.ExecuteAsync(1, Money.Open(100));
        var reserve = Money.Reserve(60);
        Assert.Equal(60, (await Money.DoAsync(() => second, 1, reserve)).HeldNanos);
        // The first one's memory says that 100 are free.
        Assert.Equal(Refusal.ExceedsSpendCapInFlight, (await Money.DoAsync(() => first, 1, Money.Reserve(60))).Refusal);
        Assert.Equal(60, (await first.ReadAsync(1)).HeldNanos);
        // A repeat gets the same answer there, and has no second effect.
        Assert.Equal(60, (await Money.DoAsync(() => first, 1, reserve)).HeldNanos);
        await Money.DoAsync(() => first, 1, Money.Commit(reserve.OperationId, 10));
        // The second one's memory says that only 40 are free: a refusal would be as wrong as a grant.
        Assert.Equal(Refusal.Granted, (await Money.DoAsync(() => second, 1, Money.Reserve(90))).Refusal);
        Assert.Equal((10L, 90L), await BalancesAsync(first));
        Assert.Equal((10L, 90L), await BalancesAsync(second));
    }

    [Fact]
    public async Task Silos_that_do_not_see_each_other_share_accounts_under_load_and_overspend_nothing()
    {
        await using var cluster = new PostgresCluster(await server.NewDatabaseAsync());
        await cluster.AddAsync("n1", "one");
        await cluster.AddAsync("n2", "two");
        var load = new Load(10, 2_000, i => cluster[$"n{(i & 1) + 1}"].Engine);
        await load.OpenAsync();
        load.Start(6);
        await load.CyclesAsync(150);
        await load.StopAsync();
        await load.AuditAsync(cluster["n2"]);
    }

    [Fact]
    public async Task A_refusal_that_was_decided_before_the_other_had_the_account_is_not_told_after_it_has_come_back()
    {
        await using var cluster = new PostgresCluster(await server.NewDatabaseAsync());
        var (first, second) = (await cluster.AddAsync("n1", "one"), await cluster.AddAsync("n2", "two"));
        await Money.DoAsync(() => first.Engine, 1, Money.Open(100));
        var reserve = Money.Reserve(60);
        Assert.True(first.Host.TryStart(new AccountTarget(1, ""), Money.Reserve(101), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), out var early, out var stay));
        Assert.Equal((null, Refusal.ExceedsSpendCap), (early.Pending, early.Outcome.Refusal));
        Assert.Equal(60, (await Money.DoAsync(() => second.Engine, 1, reserve)).HeldNanos);
        Assert.Equal(10, (await Money.DoAsync(() => first.Engine, 1, Money.Reserve(10))).HeldNanos);
        // It is the first one's again, as it was when that was decided.
        Assert.True(await first.Ownership.IsMineAsync(1, default));
        var accounts = first.Silo.Services.GetRequiredService<OwnedAccounts>();
        await Assert.ThrowsAsync<JournalElsewhereException>(() => accounts.TellableAsync(1, stay, early));
        Assert.Equal(70, (await accounts.ReadAsync(1, default)).HeldNanos);
    }

    private static async Task<(long Committed, long Held)> BalancesAsync(Host.IAccountEngine engine)
    {
        var reading = await engine.ReadAsync(1);
        return (reading.CommittedNanos, reading.HeldNanos);
    }
}
