using System.Net.Security;
using Enforcer.Grpc;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>Nodes that call each other's service <c>enforcer.v1.Peer</c>, on the address where edges call them too.</summary>
/// <param name="secret">What the cluster's nodes know.</param>
/// <param name="tls">Checks of the others' certificates; null: the machine's trust.</param>
/// <param name="clock">The clock.</param>
public sealed class GrpcPeerNetwork(PeerSecret secret, SslClientAuthenticationOptions? tls, TimeProvider clock) : IPeerNetwork
{
    private static readonly GrpcMethod<V1.PeerRequests, V1.PeerAnswers> Exchange =
        GrpcMethod.Create<V1.PeerRequests, V1.PeerAnswers>(V1.NodeReflection.Descriptor.Services[0], "Exchange");

    /// <inheritdoc/>
    public async Task<IPeerConnection> ConnectAsync(string node, Uri address, CancellationToken cancel)
    {
        var channel = new GrpcChannel(address, new GrpcChannelOptions
        {
            ConnectTimeout = TimeSpan.FromSeconds(1),
            KeepAlivePingDelay = TimeSpan.FromSeconds(1),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(2),
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
            throw new PeerLostException($"Node {node} at {address} cannot be reached: {refused.Message}", refused);
        }

        void Close()
        {
            call.Dispose();
            channel.Dispose();
        }
    }
}
