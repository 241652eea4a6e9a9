using System.Collections.Concurrent;
using Enforcer.Cluster.Tests.Support;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Storage.Postgres.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Enforcer.Orleans.Tests.Clusters;

/// <summary>Silos tell each other what has changed, and never what is not durable.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class StreamTests(PostgresServer server)
{
    [Fact]
    public async Task What_any_silo_made_durable_is_told_on_all()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1", "n2");
        var (told, streams) = (new ConcurrentDictionary<long, AccountReading>(), StreamsOf(cluster["n2"]));
        using var feed = await cluster["n2"].Silo.Balances.SubscribeAsync(reading => told[reading.Account] = reading, CancellationToken.None);
        var (thresholds, operators) = (await Seen<ThresholdCrossing>.OfAsync(streams.Thresholds), await Seen<OperatorChange>.OfAsync(streams.Operators));
        var (first, second) = (cluster["n1"].Engine, cluster["n2"].Engine);
        for (var account = 1L; account <= 10; account++)
        {
            await first.ExecuteAsync(account, Money.Open(100));
            var reserve = Money.Reserve(60);
            await second.ExecuteAsync(account, reserve);
            await first.ExecuteAsync(account, Money.Commit(reserve.OperationId, 55));
        }
        await first.ExecuteAsync(3, Suspend("maria"));
        await Eventually.Async(() => told.Count == 10 && told.Values.All(reading => reading.CommittedNanos == 55), "each silo's balances were told");
        await Eventually.Async(() => thresholds.DistinctBy(crossing => crossing.Account).Count() == 10, "each account's crossing was told");
        Assert.All(thresholds, crossing => Assert.Equal(("life", 50, 55L, 100L), (crossing.Limit, crossing.Percent, crossing.CommittedNanos, crossing.CapNanos)));
        await Eventually.Async(() => operators.Any(change => change is { Account: 3, Kind: EntryKind.Suspended, Actor: "maria" }), "the operator's change was told");
    }

    [Fact]
    public async Task What_is_held_back_is_not_told_before_it_is_durable_and_what_is_lost_never()
    {
        await using var cluster = await PostgresCluster.StartAsync(server, "n1");
        var node = cluster["n1"];
        var operators = await Seen<OperatorChange>.OfAsync(StreamsOf(node).Operators);
        var balances = await Seen<AccountBalance>.OfAsync(StreamsOf(node).Balances);
        await node.Engine.ExecuteAsync(1, Money.Open(100));
        await Eventually.Async(() => !balances.IsEmpty, "the account's first balance was told");

        var held = await HoldAsync(cluster.Database);
        var suspending = node.Engine.ExecuteAsync(1, Suspend("early")).AsTask();
        await BlockedAsync(cluster.Database);
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        Assert.DoesNotContain(operators, change => change.Actor == "early");
        Assert.False(suspending.IsCompleted);
        await held.ReleaseAsync("ROLLBACK");
        var durable = (await suspending).Seq;
        await Eventually.Async(() => operators.Any(change => change.Actor == "early" && change.Seq == durable), "what is durable was told");
        await Eventually.Async(() => balances.Max(balance => balance.Seq) == durable, "so was the balance");

        held = await HoldAsync(cluster.Database);
        var lost = node.Engine.ExecuteAsync(1, new Command { Kind = CommandKind.Resume, OperationId = Money.NewId(), Actor = "lost" }).AsTask();
        await BlockedAsync(cluster.Database);
        await held.ReleaseAsync("UPDATE enforcer.nodes SET session = gen_random_uuid(), incarnation = incarnation + 1, state = 2; COMMIT");
        Assert.IsType<JournalFencedException>(await node.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAnyAsync<Exception>(() => lost.WaitAsync(TimeSpan.FromSeconds(30)));
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        Assert.DoesNotContain(operators, change => change.Actor == "lost");
        Assert.Equal(durable, balances.Max(balance => balance.Seq));
    }

    private static ChangeStreams StreamsOf(TestNode node) => node.Silo.Services.GetRequiredService<ChangeStreams>();

    private static Command Suspend(string actor) => new() { Kind = CommandKind.Suspend, OperationId = Money.NewId(), Actor = actor, Reason = "test" };

    /// <summary>No node can append any more until this is released.</summary>
    private static async Task<Hold> HoldAsync(string database)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "BEGIN; LOCK TABLE enforcer.nodes IN ACCESS EXCLUSIVE MODE");
        return new Hold(connection);
    }

    private static Task BlockedAsync(string database) => Eventually.Async(
        async () =>
        {
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()", connection);
            return (long)(await command.ExecuteScalarAsync())! > 0;
        },
        "the append waits");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Every caller passes a constant.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Hold(NpgsqlConnection Connection)
    {
        public async Task ReleaseAsync(string sql)
        {
            await ExecuteAsync(Connection, sql);
            await Connection.DisposeAsync();
        }
    }
}
