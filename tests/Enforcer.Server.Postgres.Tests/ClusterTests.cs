using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;
using Enforcer.Storage.Postgres.Tests.Support;
using Npgsql;

namespace Enforcer.Server.Tests;

/// <summary>Three whole servers on one database: any of them takes any call.</summary>
public sealed class ClusterTests
{
    private const string Opus = "claude-opus-4-8";
    private const long Dollar = 1_000_000_000;

    [Fact]
    public async Task A_priced_call_is_reserved_extended_and_committed_at_different_nodes()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        for (var i = 0; i < 6; i++)
        {
            var key = await cluster.First.CreateKeyAsync(Dollar);
            var account = EdgeCalls.Key(key.Secret);
            var reserve = new ReserveRequest
            {
                OperationId = EdgeCalls.NewId(),
                Account = account,
                Model = Opus,
                Estimate = new UsageEstimate { PromptTokens = 1_000, OutputTokens = 500 },
            };
            var extend = new ExtendRequest
            {
                OperationId = EdgeCalls.NewId(),
                Account = account,
                ReservationId = reserve.OperationId,
                More = new UsageEstimate { OutputTokens = 50 },
            };
            var commit = EdgeCalls.CommitOf(reserve, 0);
            commit.Usage = new UsageReport
            {
                Items = { new MeteredUsage { Meter = "input", Quantity = 800 }, new MeteredUsage { Meter = "output", Quantity = 100 } },
                RequestId = "msg_01",
            };
            Assert.Equal(500, (await cluster.Edge(0).UnaryAsync(EdgeCalls.Reserve, reserve)).OutputTokens);
            Assert.Equal(550, (await cluster.Edge(1).UnaryAsync(EdgeCalls.Extend, extend)).OutputTokens);
            foreach (var node in (int[])[2, 0, 1])
            {
                var outcome = await cluster.Edge(node).UnaryAsync(EdgeCalls.Commit, commit);
                Assert.Equal((Refusal.Granted, 6_500_000L, 6_500_000L), (outcome.Refusal, outcome.ChargedNanos, outcome.CostNanos));
                // The same operation with the same body: the same answer from anywhere, with no second effect.
                Assert.Equal(500, (await cluster.Edge(node).UnaryAsync(EdgeCalls.Reserve, reserve)).OutputTokens);
            }
            var unknown = EdgeCalls.ReserveOf(account, 0);
            (unknown.Model, unknown.Estimate) = ("claude-opus-4.8", new UsageEstimate { PromptTokens = 10, OutputTokens = 10 });
            foreach (var node in (int[])[0, 1, 2])
                Assert.Equal((Refusal.Unpriced, Opus), await RefusalAsync(cluster.Edge(node), unknown));
        }
    }

    [Fact]
    public async Task Operators_and_edges_see_the_same_at_every_node()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        for (var i = 0; i < 6; i++)
        {
            var key = await cluster.First.CreateKeyAsync(100);
            var account = EdgeCalls.Key(key.Secret);
            Assert.Equal(Refusal.ExceedsSpendCap, (await cluster.Edge(i % 3).UnaryAsync(EdgeCalls.Reserve, EdgeCalls.ReserveOf(account, 101))).Refusal);
            await cluster.Operator((i + 1) % 3).TopUpAsync(new TopUpRequest { Account = key.Key.Account, AmountNanos = 100 });
            var reserve = EdgeCalls.ReserveOf(account, 150);
            Assert.Equal(Refusal.Granted, (await cluster.Edge((i + 2) % 3).UnaryAsync(EdgeCalls.Reserve, reserve)).Refusal);
            foreach (var node in (int[])[0, 1, 2])
            {
                var read = await cluster.Edge(node).UnaryAsync(EdgeCalls.Get, new GetRequest { Account = account, ReservationId = reserve.OperationId });
                Assert.Equal((150L, 50L, ReservationStatus.Open), (read.Account.HeldNanos, read.Account.SpendLimits[0].HeadroomNanos, read.Reservation.Status));
                var ledger = await cluster.Operator(node).QueryLedgerAsync(new QueryLedgerRequest { Account = key.Key.Account }).ToListAsync();
                Assert.Equal(reserve.OperationId, ledger[0].OperationId);
                var found = await cluster.Operator(node).FindOperationAsync(new FindOperationRequest { OperationId = reserve.OperationId });
                Assert.Equal(key.Key.Account, found.Account);
            }
        }
        var nodes = (await cluster.Operator(1).ListNodesAsync(new ListNodesRequest())).Nodes;
        Assert.Equal(["node-1", "node-2", "node-3"], nodes.Select(node => node.Node));
        Assert.All(nodes, node => Assert.Equal(NodeStatus.NodeServing, node.Status));
        Assert.Equal(6, nodes.Sum(node => node.Accounts));
    }

    [Fact]
    public async Task Nodes_service_is_closed_to_edges_and_operators()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var exchange = GrpcMethod.Create<PeerRequests, PeerAnswers>(NodeReflection.Descriptor.Services[0], "Exchange");
        foreach (var proof in (string?[])[null, "", "00", new string('0', 64)])
        {
            foreach (var channel in (GrpcChannel[])[cluster.First.Edge, cluster.First.Admin])
            {
                var headers = new GrpcMetadata();
                if (proof is not null) headers.Add("enforcer-peer-proof", proof);
                using var call = channel.Duplex(exchange, new GrpcCallOptions { Headers = headers });
                var refused = await Assert.ThrowsAsync<GrpcStatusException>(async () => await call.Reader.ReadAsync());
                Assert.Equal(GrpcStatus.PermissionDenied, refused.Code);
            }
        }
    }

    [Fact]
    public async Task Another_secret_keeps_a_node_out_and_callers_are_told_to_ask_elsewhere()
    {
        await using var cluster = await TestCluster.StartAsync(
            2, options => options.ClusterSecret = options.Node == "node-2" ? "another-secret-of-nobody" : "the-secret-of-the-cluster");
        await cluster.RequireCutOffAsync();
    }

    [Fact]
    public async Task A_node_that_takes_long_to_open_its_journal_is_not_taken_for_dead()
    {
        await using var cluster = await TestCluster.StartAsync(1, static options => options.NodeDeadAfterMs = 1_000);
        Task<EnforcerServer> opening;
        await using (var holder = new NpgsqlConnection(cluster.First.Place.Database))
        {
            await holder.OpenAsync();
            await using var transaction = await holder.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("LOCK TABLE enforcer.tips IN EXCLUSIVE MODE", holder);
            await hold.ExecuteNonQueryAsync();
            opening = TestServer.StartOnAsync(options =>
            {
                cluster.First.Place.Configure(options);
                (options.Node, options.NodeDeadAfterMs) = ("node-2", 1_000);
            });
            // Twice as many heartbeats as there are in the time after which it would be replaced.
            using var patience = new CancellationTokenSource(Patience.Limit);
            while (await PostgresServer.SqlAsync(cluster.First.Place.Database, "SELECT beats FROM members WHERE name = 'node-2'") is not long beats || beats < 16)
                await Task.Delay(20, patience.Token);
        }
        await using var second = await opening;
        Assert.False(second.Ended.IsCompleted);
        while ((await cluster.Operator(0).ListNodesAsync(new ListNodesRequest())).Nodes.Count(static node => node.Status == NodeStatus.NodeServing) < 2) await Task.Delay(20);
    }

    [Fact]
    public async Task Stopping_a_node_hands_its_accounts_over_and_clients_notice_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var keys = new List<CreateKeyResponse>();
        for (var i = 0; i < 12; i++) keys.Add(await cluster.First.CreateKeyAsync(Dollar));
        await using var client = cluster.First.NewClient();
        using var stopping = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var cycles = 0;
            while (!stopping.IsCancellationRequested)
            {
                await using var reservation = await client.ReserveAsync(keys[cycles++ % keys.Count].Secret, 10);
                Assert.True(reservation.IsGranted, reservation.Refusal?.ToString());
                Assert.Equal(5, (await reservation.CommitAsync(5)).ChargedNanos);
            }
            return cycles;
        })).ToArray();
        await cluster.StopLastAsync();
        await cluster.StopLastAsync();
        await stopping.CancelAsync();
        var cycles = (await Task.WhenAll(load)).Sum();
        var committed = 0L;
        foreach (var key in keys) committed += (await cluster.First.Operator.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account })).CommittedNanos;
        Assert.Equal(cycles * 5L, committed);
        // What a node knows of the others is as old as its last heartbeat.
        using var patience = new CancellationTokenSource(Patience.Limit);
        while ((await cluster.First.Operator.ListNodesAsync(new ListNodesRequest())).Nodes is not [{ Node: "node-1" }]) await Task.Delay(20, patience.Token);
    }

    private static async Task<(Refusal, string)> RefusalAsync(GrpcChannel edge, ReserveRequest request)
    {
        var outcome = await edge.UnaryAsync(EdgeCalls.Reserve, request);
        return (outcome.Refusal, outcome.Detail.Near[0]);
    }
}
