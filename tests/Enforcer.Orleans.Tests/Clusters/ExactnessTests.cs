using Enforcer.Cluster.Tests.Support;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Orleans.Tests.Clusters;

/// <summary>Caps hold exactly over several silos on one PostgreSQL.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class ExactnessTests(PostgresServer server)
{
    [Fact]
    public async Task Each_silo_sees_what_the_others_did()
    {
        await using var cluster = await SiloCluster.StartAsync(server, "n1", "n2");
        var (first, second) = (cluster["n1"].Engine, cluster["n2"].Engine);
        Assert.Equal(Refusal.Granted, (await first.ExecuteAsync(1, Money.Open(100))).Refusal);
        var reserve = Money.Reserve(60);
        Assert.Equal(60, (await second.ExecuteAsync(1, reserve)).HeldNanos);
        Assert.Equal(Refusal.ExceedsSpendCapInFlight, (await first.ExecuteAsync(1, Money.Reserve(41))).Refusal);
        Assert.Equal(55, (await first.ExecuteAsync(1, Money.Commit(reserve.OperationId, 55))).ChargedNanos);
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
    public async Task Clients_of_all_silos_never_exceed_a_cap_and_are_told_the_truth(params string[] names)
    {
        await using var cluster = await SiloCluster.StartAsync(server, names);
        var load = new Load(20, 250, i => cluster[names[i % names.Length]].Engine);
        await load.OpenAsync();
        load.Start(16);
        await load.CyclesAsync(920);
        await load.StopAsync();
        Assert.NotEqual(0, load.Refused);
        await load.AuditAsync(cluster[names[^1]]);
    }
}
