using Enforcer.Foreign;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>Clients that know one address and nothing of nodes, behind a load balancer that knows nothing of gRPC.</summary>
public sealed class BalancerTests
{
    [Fact]
    public async Task Clients_of_another_maker_are_served_whichever_node_they_come_to()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await using var balancer = new TcpBalancer(cluster.Addresses);
        var key = await cluster.First.CreateKeyAsync(1_000_000_000);
        var schema = ForeignPeer.Schema(EdgeReflection.Descriptor);
        // Each comes to the next node, two of which do not have the account.
        foreach (var scenario in (string[])["unary", "session", "refusal", "unary"])
            await ForeignPeer.RunAsync("python", "edge_client", schema, scenario, balancer.Authority, cluster.First.EdgeToken, key.Key.Account, key.Secret);
        await cluster.PassedOnAsync();
        // One node is stopped; whoever connects now comes to the others.
        await cluster.StopLastAsync();
        foreach (var scenario in (string[])["unary", "session", "unary"])
            await ForeignPeer.RunAsync("python", "edge_client", schema, scenario, balancer.Authority, cluster.First.EdgeToken, key.Key.Account, key.Secret);
        var account = await cluster.First.Operator.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account });
        Assert.Equal((4 * 400L) + (2 * 50 * 7L), account.CommittedNanos);
        Assert.Equal(0, account.HeldNanos);
    }
}
