using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.Server.Tests.Support;

/// <summary>The operator's calls as they are on the wire, with full statuses.</summary>
internal static class OperatorCalls
{
    public static GrpcMethod<SetLimitsRequest, ChangeResponse> SetLimits { get; } = Of<SetLimitsRequest, ChangeResponse>("SetLimits");

    public static GrpcMethod<CreateTokenRequest, CreateTokenResponse> CreateToken { get; } = Of<CreateTokenRequest, CreateTokenResponse>("CreateToken");

    public static GrpcMethod<GetAccountRequest, AccountView> GetAccount { get; } = Of<GetAccountRequest, AccountView>("GetAccount");

    public static GrpcMethod<QueryLedgerRequest, LedgerEntry> QueryLedger { get; } = Of<QueryLedgerRequest, LedgerEntry>("QueryLedger");

    private static GrpcMethod<TRequest, TResponse> Of<TRequest, TResponse>(string name)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        GrpcMethod.Create<TRequest, TResponse>(OperatorReflection.Descriptor.Services[0], name);
}
