using Enforcer.Grpc;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>Lets other nodes of the cluster in to <c>enforcer.v1.Peer</c>, and nobody else, whatever token they have.</summary>
/// <param name="secret">What the cluster's nodes know.</param>
/// <param name="node">The name of the node that is called.</param>
/// <param name="needsCertificate">
/// True if the connection must have shown a node's certificate, which only the address for nodes asks for and checks; then the service is closed on all others.
/// </param>
public sealed class PeerGate(PeerSecret secret, string node, bool needsCertificate) : GrpcInterceptor
{
    /// <summary>The header in which a node shows that it belongs to the cluster.</summary>
    public const string ProofHeader = "enforcer-peer-proof";

    private readonly string _service = V1.NodeReflection.Descriptor.Services[0].FullName;

    /// <inheritdoc/>
    public override ValueTask BeforeAsync(GrpcCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Method.Service != _service) return default;
        if ((!needsCertificate || call.HttpContext.Connection.ClientCertificate is not null) && secret.IsProof(call.Header(ProofHeader), node)) return default;
        throw new GrpcStatusException(GrpcStatus.PermissionDenied,
            $"{_service} is for nodes of this cluster, which know its secret{(needsCertificate ? " and have its certificates" : "")}; call enforcer.v1.Edge or enforcer.v1.Operator instead.");
    }
}
