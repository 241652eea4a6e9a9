using System.Collections.Frozen;
using Enforcer.Access;
using Enforcer.Grpc;
using Enforcer.Server.Operators;

namespace Enforcer.Server.Security;

/// <summary>Asks every gRPC call for its token; only health and reflection are open to all.</summary>
internal sealed class AccessInterceptor(AccessGate gate, FrozenDictionary<string, Permission> operatorMethods) : GrpcInterceptor
{
    private const string Edge = "enforcer.v1.Edge";
    private const string Operator = "enforcer.v1.Operator";
    private const string Envoy = "envoy.service.ratelimit.v3.RateLimitService";

    public override ValueTask BeforeAsync(GrpcCall call)
    {
        Permission needs;
        switch (call.Method.Service)
        {
            case Edge or Envoy:
                needs = Permission.UseEdge;
                break;
            case Operator:
                needs = operatorMethods[call.Method.Name];
                break;
            default:
                return default;
        }
        // What only the slow way needs, the caller's address and a token of cancellation, costs an allocation each.
        if (!gate.TryAdmit(call.Header("authorization"), needs, out var identity)) return AskAsync(call, needs);
        call.State = identity;
        return default;
    }

    /// <summary>The caller as operators' handlers see it.</summary>
    public static OperatorCall CallerOf(GrpcCall call) => new(((Identity)call.State!).TokenId, call.CancellationToken);

    private async ValueTask AskAsync(GrpcCall call, Permission needs) => call.State = await gate
        .RequireAsync(call.Header("authorization"), needs, call.Method.Path, call.Peer, call.HttpContext.RequestAborted).ConfigureAwait(false);
}
