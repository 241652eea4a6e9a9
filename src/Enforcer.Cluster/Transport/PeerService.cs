using Enforcer.Grpc;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>The service <c>enforcer.v1.Peer</c> of a node; <see cref="PeerGate"/> stands before it.</summary>
public static class PeerService
{
    /// <summary>Binds the handler.</summary>
    public static GrpcService Bind(ClusterNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new GrpcService(V1.NodeReflection.Descriptor.Services[0]).Duplex<V1.PeerRequests, V1.PeerAnswers>(
            "Exchange",
            (requests, answers, call) => node.AnswerAsync(new GrpcPeerConnection<V1.PeerAnswers, V1.PeerRequests>(answers, requests, call.HttpContext.Abort)));
    }
}
