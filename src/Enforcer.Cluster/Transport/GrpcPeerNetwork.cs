using System.Net.Security;
using Enforcer.Grpc;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>Nodes that call each other's service <c>enforcer.v1.Peer</c>.</summary>
/// <param name="secret">What the cluster's nodes know.</param>
/// <param name="tlsTo">How to call a node of this name with TLS: checks of its certificate, and one's own; null: the machine's trust.</param>
/// <param name="clock">The clock.</param>
public sealed class GrpcPeerNetwork(PeerSecret secret, Func<string, SslClientAuthenticationOptions?> tlsTo, TimeProvider clock) : IPeerNetwork
{
    /// <summary>How long a network may swallow what is sent before that is noticed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly GrpcMethod<V1.PeerRequests, V1.PeerAnswers> Exchange =
        GrpcMethod.Create<V1.PeerRequests, V1.PeerAnswers>(V1.NodeReflection.Descriptor.Services[0], "Exchange");

    /// <inheritdoc/>
    public async Task<IPeerConnection> ConnectAsync(string node, Uri address, CancellationToken cancel)
    {
        var tls = tlsTo(node);
        if (tls?.ClientCertificateContext is not null && address.Scheme != Uri.UriSchemeHttps)
            throw new PeerLostException($"Node {node} is served without TLS at {address}, and this node has a certificate; give that one its cluster_certificate, too.");
        var channel = new GrpcChannel(address, new GrpcChannelOptions
        {
            ConnectTimeout = Patience,
            KeepAlivePingDelay = Patience,
            KeepAlivePingTimeout = Patience,
            UnacknowledgedTimeout = Patience,
            InitialStreamWindowBytes = 1 << 20,
            Tls = tls,
            TimeProvider = clock,
        });
        var headers = new GrpcMetadata { { PeerGate.ProofHeader, secret.ProofFor(node) } };
        var call = channel.Duplex(Exchange, new GrpcCallOptions { Headers = headers, CancellationToken = cancel });
        var connection = new GrpcPeerConnection<V1.PeerRequests, V1.PeerAnswers>(call.Writer, call.Reader, Close);
        try
        {
            // The other side answers with headers as soon as it has let this node in.
            await call.ResponseHeadersAsync().ConfigureAwait(false);
            return connection;
        }
        catch (GrpcStatusException refused)
        {
            Close();
            throw new PeerLostException($"Node {node} at {address} cannot be reached: {refused.Message}{RootOf(refused)}", refused);
        }

        void Close()
        {
            call.Dispose();
            channel.Dispose();
        }
    }

    /// <summary>What the transport says of it: whether a certificate was refused, or nobody listens.</summary>
    private static string RootOf(GrpcStatusException refused) => refused.InnerException is { } cause ? $" ({cause.GetBaseException().Message})" : "";
}
