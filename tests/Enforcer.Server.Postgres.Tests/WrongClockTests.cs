using Enforcer.Protocol.V1;
using Enforcer.Server.Options;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>A node whose clock is an hour off: everybody can see it, it is replaced by nobody, and caps hold.</summary>
public sealed class WrongClockTests
{
    private const long HourMs = 3_600_000;

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task It_is_told_and_nothing_is_granted_twice(int hours)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var options = new EnforcerServerOptions { Grpc = "127.0.0.1:0", Http = "127.0.0.1:0" };
        cluster.First.Place.Configure(options);
        options.Node = "node-2";
        await using var wrong = await EnforcerServer.StartAsync(options, new ShiftedClock(TimeSpan.FromHours(hours)));
        using var operators = cluster.OperatorOf(wrong);
        while ((await operators.ListNodesAsync(new ListNodesRequest())).Nodes.Count(node => node.Status == NodeStatus.NodeServing) < 2) await Task.Delay(20);
        using var edge = cluster.EdgeOf(wrong);
        for (var served = 0; served < 4;)
        {
            if (await TryCreateAsync(cluster) is not { } key) continue;
            served++;
            var granted = 0L;
            foreach (var node in (Grpc.GrpcChannel[])[edge, cluster.Edge(0), edge])
            {
                var outcome = await TryAsync(node, EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 60));
                if (outcome == Refusal.Granted) granted += 60;
            }
            Assert.InRange(granted, 0, 100);
            Assert.Equal(granted, (await operators.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account })).HeldNanos);
        }
        foreach (var one in (Client.EnforcerOperator[])[operators, cluster.Operator(0)])
        {
            var node = (await one.ListNodesAsync(new ListNodesRequest())).Nodes.Single(node => node.Node == "node-2");
            Assert.Equal(NodeStatus.NodeServing, node.Status);
            Assert.InRange(node.ClockSkewMs * hours, HourMs - 60_000, HourMs + 60_000);
        }
    }

    private static async Task<CreateKeyResponse?> TryCreateAsync(TestCluster cluster)
    {
        try
        {
            return await cluster.First.CreateKeyAsync(100);
        }
        catch (Client.EnforcerException refused) when (refused.Code == Grpc.GrpcStatus.FailedPrecondition)
        {
            Assert.Contains("set the clock", refused.Message, StringComparison.Ordinal);
            return null;
        }
    }

    /// <summary>Where the owner's clock is behind, the operation seems to be from the future, and that is said.</summary>
    private static async Task<Refusal> TryAsync(Grpc.GrpcChannel edge, ReserveRequest reserve)
    {
        try
        {
            return (await edge.UnaryAsync(EdgeCalls.Reserve, reserve)).Refusal;
        }
        catch (Grpc.GrpcStatusException refused)
        {
            Assert.Equal(Grpc.GrpcStatus.FailedPrecondition, refused.Code);
            Assert.Contains("set the clock", refused.Message, StringComparison.Ordinal);
            return Refusal.FutureOperation;
        }
    }
}
