using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Enforcer.Cluster;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Options;
using Enforcer.Server.Tests.Support;
using Enforcer.Testing;

namespace Enforcer.Server.Tests;

/// <summary>Nodes with certificates: both sides show one of the cluster's own authority, at an address of their own.</summary>
public sealed class NodeCertificateTests : IDisposable
{
    private const string Secret = "the-secret-of-the-cluster";

    private static readonly GrpcMethod<PeerRequests, PeerAnswers> Exchange =
        GrpcMethod.Create<PeerRequests, PeerAnswers>(NodeReflection.Descriptor.Services[0], "Exchange");

    private readonly TestAuthority _authority = new();

    [Fact]
    public async Task Any_node_takes_any_command_while_edges_need_no_certificate()
    {
        await using var cluster = await TestCluster.StartAsync(3, WithCertificate);
        for (var i = 0; i < 9; i++)
        {
            var key = await cluster.First.CreateKeyAsync(100);
            var reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 60);
            foreach (var node in (int[])[0, 1, 2]) Assert.Equal(Refusal.Granted, (await cluster.Edge(node).UnaryAsync(EdgeCalls.Reserve, reserve)).Refusal);
        }
        await cluster.PassedOnAsync();
        Assert.All(await NodesAsync(cluster), node => Assert.StartsWith("https://", node.Address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_else_opens_the_nodes_service()
    {
        await using var cluster = await TestCluster.StartAsync(1, WithCertificate);
        var forNodes = new Uri((await NodesAsync(cluster))[0].Address);
        using var others = new TestAuthority("Others");
        var ours = CertificateOf(_authority.Issue("node-9.node.enforcer"));
        // Another authority's node, an edge of the same authority, and nobody: the handshake fails.
        foreach (var shown in (X509Certificate2?[])[CertificateOf(others.Issue("node-9.node.enforcer")), CertificateOf(_authority.Issue("edge-1.example.com")), null])
            Assert.Equal(GrpcStatus.Unavailable, await StatusAsync(forNodes, shown, Secret));
        // A node that does not know the secret; and one that knows all, where edges are served.
        Assert.Equal(GrpcStatus.PermissionDenied, await StatusAsync(forNodes, ours, "another-secret-of-nobody"));
        Assert.Equal(GrpcStatus.PermissionDenied, await StatusAsync(cluster.First.Server.Grpc, ours, Secret));
        Assert.Equal(GrpcStatus.Ok, await StatusAsync(forNodes, ours, Secret));
    }

    [Fact]
    public async Task A_node_of_another_authority_is_no_node_and_callers_are_told_to_ask_elsewhere()
    {
        using var others = new TestAuthority("Others");
        await using var cluster = await TestCluster.StartAsync(2, options => Configure(options, options.Node == "node-2" ? others : _authority));
        await cluster.RequireCutOffAsync();
    }

    [Theory]
    [InlineData("key", "cluster_certificate, cluster_key and cluster_authority belong together")]
    [InlineData("authority", "cluster_certificate, cluster_key and cluster_authority belong together")]
    [InlineData("missing", "cluster_key '/nowhere.key' is not there; give the path of a PEM file.")]
    [InlineData("advertise", "advertise 'http://10.0.0.5:7070' is without TLS")]
    [InlineData("listen", "cluster_listen 'nonsense' is no address with a port")]
    [InlineData("plain listen", "cluster_listen '127.0.0.1:0' is for nodes with certificates")]
    [InlineData("folder", "cluster_certificate is for nodes that share a PostgreSQL")]
    [InlineData("name", "have one issued for DNS:node-7.node.enforcer")]
    public async Task Wrong_settings_are_told_with_the_way_out(string wrong, string told)
    {
        var refused = await Assert.ThrowsAsync<OptionsException>(() => TestServer.StartOnAsync(options =>
        {
            (options.Node, options.Postgres) = ("node-1", "Host=/nowhere;Database=db;Username=u");
            WithCertificate(options);
            if (wrong == "key") options.ClusterKey = "";
            if (wrong == "authority") options.ClusterAuthority = "";
            if (wrong == "missing") options.ClusterKey = "/nowhere.key";
            if (wrong == "advertise") options.Advertise = "http://10.0.0.5:7070";
            if (wrong == "listen") options.ClusterListen = "nonsense";
            if (wrong == "plain listen") (options.ClusterCertificate, options.ClusterKey, options.ClusterListen) = ("", "", "127.0.0.1:0");
            if (wrong == "folder") options.Postgres = "";
            if (wrong == "name") options.Node = "node-7";
        }));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _authority.Dispose();

    private static X509Certificate2 CertificateOf((string Certificate, string Key) files) => X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    private static async Task<IReadOnlyList<NodeView>> NodesAsync(TestCluster cluster) => (await cluster.Operator(0).ListNodesAsync(new ListNodesRequest())).Nodes;

    /// <summary>What becomes of opening the nodes' service.</summary>
    private static async Task<GrpcStatus> StatusAsync(Uri address, X509Certificate2? shown, string secret)
    {
        var tls = new SslClientAuthenticationOptions
        {
#pragma warning disable CA5359 // The test is about what the other side accepts.
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
            ClientCertificateContext = shown is null ? null : SslStreamCertificateContext.Create(shown, null, offline: true),
        };
        using var channel = new GrpcChannel(address, new GrpcChannelOptions { Tls = tls });
        var proof = new PeerSecret(System.Text.Encoding.UTF8.GetBytes(secret)).ProofFor("node-1");
        using var call = channel.Duplex(Exchange, new GrpcCallOptions { Headers = new GrpcMetadata { { PeerGate.ProofHeader, proof } } });
        try
        {
            await call.ResponseHeadersAsync();
            return GrpcStatus.Ok;
        }
        catch (GrpcStatusException refused)
        {
            return refused.Code;
        }
    }

    private void WithCertificate(EnforcerServerOptions options) => Configure(options, _authority);

    private static void Configure(EnforcerServerOptions options, TestAuthority authority)
    {
        (options.ClusterCertificate, options.ClusterKey) = authority.Issue($"{options.Node}.node.enforcer");
        (options.ClusterAuthority, options.ClusterSecret) = (authority.File, Secret);
    }
}
