using Enforcer.Cluster.Tests.Support;
using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;

namespace Enforcer.Cluster.Tests.Logic;

public sealed class RoutingTests
{
    [Fact]
    public async Task Any_node_takes_any_command_and_one_owner_decides()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2", "n3");
        for (var account = 1L; account <= 30; account++)
        {
            var reserve = Money.Reserve(60);
            Assert.Equal(Refusal.Granted, (await cluster["n1"].Engine.ExecuteAsync(account, Money.Open(100))).Refusal);
            Assert.Equal(Refusal.Granted, (await cluster["n2"].Engine.ExecuteAsync(account, reserve)).Refusal);
            Assert.Equal(Refusal.ExceedsSpendCapInFlight, (await cluster["n3"].Engine.ExecuteAsync(account, Money.Reserve(60))).Refusal);
            Assert.Equal(Refusal.Granted, (await cluster["n1"].Engine.ExecuteAsync(account, reserve)).Refusal);
            Assert.Equal(60, (await cluster["n3"].Engine.ExecuteAsync(account, Money.Commit(reserve.OperationId, 60))).ChargedNanos);
        }
        Assert.All(cluster.Nodes, node => Assert.InRange(cluster.Database.CountOf(node.Name), 3, 20));
    }

    [Fact]
    public async Task Balances_reservations_and_ledger_are_read_from_any_node()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        for (var account = 1L; account <= 6; account++)
        {
            var reserve = Money.Reserve(60);
            await cluster["n1"].Engine.ExecuteAsync(account, Money.Open(100));
            await cluster["n1"].Engine.ExecuteAsync(account, reserve);
            foreach (var node in cluster.Nodes)
            {
                var reading = await node.Engine.ReadAsync(account);
                Assert.Equal((AccountStatus.Active, 60L, 40L), (reading.Status, reading.HeldNanos, reading.Spend[0].HeadroomNanos));
                Assert.Equal(60, (await node.Engine.ReadReservationAsync(account, reserve.OperationId))!.HeldNanos);
                Assert.Equal([3L, 2L, 1L], await node.Engine.ReadLedgerAsync(account).Select(entry => entry.Seq).ToListAsync());
                Assert.Contains(account, await node.Engine.ReadActiveAsync().ToListAsync());
            }
        }
    }

    [Fact]
    public async Task Commands_of_one_account_are_decided_in_the_order_in_which_they_were_sent()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        for (var account = 1L; account <= 8; account++)
        {
            var reserve = Money.Reserve(60);
            var engine = cluster["n1"].Engine;
            // None waits for the one before it.
            var all = new[] { Money.Open(100), reserve, Money.Commit(reserve.OperationId, 50), Money.Reserve(50), Money.Reserve(1) }
                .Select(command => engine.ExecuteAsync(account, command).AsTask()).ToList();
            var outcomes = await Task.WhenAll(all);
            Assert.Equal([Refusal.Granted, Refusal.Granted, Refusal.Granted, Refusal.Granted, Refusal.ExceedsSpendCapInFlight], outcomes.Select(outcome => outcome.Refusal));
        }
    }

    [Fact]
    public async Task Commands_that_come_together_leave_for_another_node_together()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        var (near, engine) = (cluster["n1"].Cluster, cluster["n1"].Engine);
        var accounts = Enumerable.Range(1, 400).Where(account => near.View.PlaceOf(account) == "n2").ToList();
        foreach (var account in accounts) Assert.Equal(Refusal.Granted, (await engine.ExecuteAsync(account, Money.Open(100))).Refusal);
        var (frames, takings, outbound) = (near.PeerFrames, new Takings(), new OutboundCommands());
        foreach (var account in accounts)
        {
            var reserve = Money.Reserve(60);
            Assert.True(engine.StartOne(new AccountTarget(account, ""), reserve, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), (ulong)account, takings, outbound).IsTakenLater);
        }
        outbound.Flush();
        await Eventually.Async(() => takings.Taken.Count == accounts.Count, "all are answered");
        Assert.Equal(accounts.Select(account => (ulong)account), takings.Taken.Select(one => one.Number).Order());
        Assert.All(takings.Taken, one => Assert.Equal((Refusal.Granted, 60L), (one.Outcome.Refusal, one.Outcome.HeldNanos)));
        // The one before may still have been on its way when the first of them came.
        Assert.InRange(near.PeerFrames - frames, 1, 2);
    }

    [Fact]
    public async Task What_becomes_of_commands_is_told_once_also_when_their_owner_dies()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        var engine = cluster["n1"].Engine;
        var accounts = Enumerable.Range(1, 40).Where(account => cluster["n1"].Cluster.View.PlaceOf(account) == "n2").ToList();
        foreach (var account in accounts) Assert.Equal(Refusal.Granted, (await engine.ExecuteAsync(account, Money.Open(100))).Refusal);
        var (takings, outbound) = (new Takings(), new OutboundCommands());
        foreach (var account in accounts)
            Assert.True(engine.StartOne(new AccountTarget(account, ""), Money.Reserve(60), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), (ulong)account, takings, outbound).IsTakenLater);
        await cluster["n2"].KillAsync();
        outbound.Flush();
        await Eventually.Async(() => takings.Taken.Count >= accounts.Count, "all are answered");
        Assert.Equal(accounts.Select(account => (ulong)account), takings.Taken.Select(one => one.Number).Order());
        Assert.All(takings.Taken, one => Assert.Contains(one.Outcome.Refusal, (Refusal[])[Refusal.Granted, Refusal.Unavailable]));
    }

    [Fact]
    public async Task A_node_that_believes_something_old_is_corrected()
    {
        await using var cluster = await MemoryCluster.StartAsync("n1", "n2");
        // Where they belong does not say where they are: these were made while n3 was not there.
        for (var account = 1L; account <= 20; account++) await cluster["n1"].Engine.ExecuteAsync(account, Money.Open(100));
        await cluster.AddAsync("n3");
        await cluster.SeesAsync("n1", "n2", "n3");
        for (var account = 1L; account <= 20; account++)
            Assert.Equal(Refusal.Granted, (await cluster["n3"].Engine.ExecuteAsync(account, Money.Reserve(100))).Refusal);
        for (var account = 1L; account <= 20; account++)
            Assert.Equal(Refusal.ExceedsSpendCapInFlight, (await cluster["n1"].Engine.ExecuteAsync(account, Money.Reserve(1))).Refusal);
    }
}
