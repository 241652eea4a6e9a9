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

    private void Know(EnforcerServer server)
    {
        _edges.Add(new GrpcChannel(server.Grpc, new GrpcChannelOptions { Headers = new GrpcMetadata { { "authorization", "Bearer " + First.EdgeToken } } }));
        var options = First.OptionsFor(First.AdminToken);
        options.Endpoints = [server.Grpc.GetLeftPart(UriPartial.Authority)];
        _operators.Add(new EnforcerOperator(options));
    }
}
