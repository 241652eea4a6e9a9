using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Options;

namespace Enforcer.Server.Tests.Support;

/// <summary>Several servers on one database, the first of which is a <see cref="TestServer"/>.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly List<EnforcerServer> _others = [];
    private readonly List<GrpcChannel> _edges = [];
    private readonly List<EnforcerOperator> _operators = [];

    private TestCluster(TestServer first) => First = first;

    public TestServer First { get; }

    /// <summary>Where the servers serve gRPC.</summary>
    public IEnumerable<Uri> Addresses => _others.Select(static server => server.Grpc).Prepend(First.Server.Grpc);

    public GrpcChannel Edge(int node) => _edges[node];

    public EnforcerOperator Operator(int node) => _operators[node];

    /// <summary>Starts them, and waits until each sees all serve.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="configure">What is to be set for each; the name is.</param>
    public static async Task<TestCluster> StartAsync(int nodes, Action<EnforcerServerOptions>? configure = null)
    {
        var cluster = new TestCluster(await TestServer.StartAsync(configure));
        cluster.Know(cluster.First.Server);
        for (var i = 1; i < nodes; i++)
        {
            var node = i;
            var server = await TestServer.StartOnAsync(options =>
            {
                cluster.First.Place.Configure(options);
                options.Node = $"node-{node + 1}";
                configure?.Invoke(options);
            });
            cluster._others.Add(server);
            cluster.Know(server);
        }
        foreach (var one in cluster._operators)
        {
            while ((await one.ListNodesAsync(new ListNodesRequest())).Nodes.Count(node => node.Status == NodeStatus.NodeServing) < nodes) await Task.Delay(20);
        }
        return cluster;
    }

    /// <summary>Stops a server as its process would be stopped; the last one first.</summary>
    public async Task StopLastAsync()
    {
        await _others[^1].DisposeAsync();
        _others.RemoveAt(_others.Count - 1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _edges) channel.Dispose();
        foreach (var one in _operators) one.Dispose();
        foreach (var server in _others) await server.DisposeAsync();
        await First.DisposeAsync();
    }

    /// <summary>Waits until nodes have told that they passed commands on.</summary>
    public async Task PassedOnAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while ((await _operators[0].ListNodesAsync(new ListNodesRequest(), patience.Token)).Nodes.Sum(node => node.PassedOn) == 0) await Task.Delay(20, patience.Token);
    }

    /// <summary>Sees that two nodes do not talk to each other: each serves its own accounts, and callers are told to ask again for the other's.</summary>
    public async Task RequireCutOffAsync()
    {
        foreach (var (one, other) in ((int, int)[])[(0, 1), (1, 0)])
        {
            var key = await _operators[one].CreateKeyAsync(new CreateKeyRequest { Limits = Caps.Life(100) });
            var reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 60);
            Assert.Equal(Refusal.Granted, (await _edges[one].UnaryAsync(EdgeCalls.Reserve, reserve)).Refusal);
            var refused = await Assert.ThrowsAsync<GrpcStatusException>(async () => await _edges[other].UnaryAsync(EdgeCalls.Reserve, reserve));
            Assert.Equal(GrpcStatus.Unavailable, refused.Code);
            Assert.Contains("the node that has the account", refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Calls a server as an edge.</summary>
    public GrpcChannel EdgeOf(EnforcerServer server) =>
        new(server.Grpc, new GrpcChannelOptions { Headers = new GrpcMetadata { { "authorization", "Bearer " + First.EdgeToken } } });

    /// <summary>Calls a server as an operator.</summary>
    public EnforcerOperator OperatorOf(EnforcerServer server)
    {
        var options = First.OptionsFor(First.AdminToken);
        options.Endpoints = [server.Grpc.GetLeftPart(UriPartial.Authority)];
        return new EnforcerOperator(options);
    }

    private void Know(EnforcerServer server)
    {
        _edges.Add(EdgeOf(server));
        _operators.Add(OperatorOf(server));
    }
}
