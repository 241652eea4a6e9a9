using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.Client;

/// <summary>The methods of the operator service.</summary>
internal static class OperatorMethods
{
    public static readonly GrpcMethod<CreateAccountRequest, AccountView> CreateAccount = Of<CreateAccountRequest, AccountView>("CreateAccount");
    public static readonly GrpcMethod<GetAccountRequest, AccountView> GetAccount = Of<GetAccountRequest, AccountView>("GetAccount");
    public static readonly GrpcMethod<ListAccountsRequest, ListAccountsResponse> ListAccounts = Of<ListAccountsRequest, ListAccountsResponse>("ListAccounts");
    public static readonly GrpcMethod<SetLimitsRequest, ChangeResponse> SetLimits = Of<SetLimitsRequest, ChangeResponse>("SetLimits");
    public static readonly GrpcMethod<TopUpRequest, ChangeResponse> TopUp = Of<TopUpRequest, ChangeResponse>("TopUp");
    public static readonly GrpcMethod<ChangeRequest, ChangeResponse> Suspend = Of<ChangeRequest, ChangeResponse>("Suspend");
    public static readonly GrpcMethod<ChangeRequest, ChangeResponse> Resume = Of<ChangeRequest, ChangeResponse>("Resume");
    public static readonly GrpcMethod<ChangeRequest, ChangeResponse> Close = Of<ChangeRequest, ChangeResponse>("Close");
    public static readonly GrpcMethod<ReverseRequest, ChangeResponse> Reverse = Of<ReverseRequest, ChangeResponse>("Reverse");
    public static readonly GrpcMethod<CreateKeyRequest, CreateKeyResponse> CreateKey = Of<CreateKeyRequest, CreateKeyResponse>("CreateKey");
    public static readonly GrpcMethod<ListKeysRequest, ListKeysResponse> ListKeys = Of<ListKeysRequest, ListKeysResponse>("ListKeys");
    public static readonly GrpcMethod<GetKeyRequest, KeyView> GetKey = Of<GetKeyRequest, KeyView>("GetKey");
    public static readonly GrpcMethod<RotateKeyRequest, CreateKeyResponse> RotateKey = Of<RotateKeyRequest, CreateKeyResponse>("RotateKey");
    public static readonly GrpcMethod<RevokeKeyRequest, KeyView> RevokeKey = Of<RevokeKeyRequest, KeyView>("RevokeKey");
    public static readonly GrpcMethod<CreateTokenRequest, CreateTokenResponse> CreateToken = Of<CreateTokenRequest, CreateTokenResponse>("CreateToken");
    public static readonly GrpcMethod<ListTokensRequest, ListTokensResponse> ListTokens = Of<ListTokensRequest, ListTokensResponse>("ListTokens");
    public static readonly GrpcMethod<RevokeTokenRequest, TokenView> RevokeToken = Of<RevokeTokenRequest, TokenView>("RevokeToken");
    public static readonly GrpcMethod<QueryLedgerRequest, LedgerEntry> QueryLedger = Of<QueryLedgerRequest, LedgerEntry>("QueryLedger");
    public static readonly GrpcMethod<FindOperationRequest, LedgerEntry> FindOperation = Of<FindOperationRequest, LedgerEntry>("FindOperation");
    public static readonly GrpcMethod<WatchRequest, WatchResponse> Watch = Of<WatchRequest, WatchResponse>("Watch");
    public static readonly GrpcMethod<ListNodesRequest, ListNodesResponse> ListNodes = Of<ListNodesRequest, ListNodesResponse>("ListNodes");
    public static readonly GrpcMethod<DrainNodeRequest, NodeView> DrainNode = Of<DrainNodeRequest, NodeView>("DrainNode");
    public static readonly GrpcMethod<ImportPricesRequest, ImportPricesResponse> ImportPrices = Of<ImportPricesRequest, ImportPricesResponse>("ImportPrices");
    public static readonly GrpcMethod<ListPriceVersionsRequest, ListPriceVersionsResponse> ListPriceVersions = Of<ListPriceVersionsRequest, ListPriceVersionsResponse>("ListPriceVersions");
    public static readonly GrpcMethod<ShowPricesRequest, ModelPrices> ShowPrices = Of<ShowPricesRequest, ModelPrices>("ShowPrices");
    public static readonly GrpcMethod<DiffPricesRequest, PriceChange> DiffPrices = Of<DiffPricesRequest, PriceChange>("DiffPrices");
    public static readonly GrpcMethod<SetRateRequest, PriceVersionView> SetRate = Of<SetRateRequest, PriceVersionView>("SetRate");
    public static readonly GrpcMethod<SetPricePlanRequest, PricePlanView> SetPricePlan = Of<SetPricePlanRequest, PricePlanView>("SetPricePlan");
    public static readonly GrpcMethod<GetPricePlanRequest, PricePlanView> GetPricePlan = Of<GetPricePlanRequest, PricePlanView>("GetPricePlan");
    public static readonly GrpcMethod<ListPricePlansRequest, ListPricePlansResponse> ListPricePlans = Of<ListPricePlansRequest, ListPricePlansResponse>("ListPricePlans");
    public static readonly GrpcMethod<SetAccountPricingRequest, AccountPricing> SetAccountPricing = Of<SetAccountPricingRequest, AccountPricing>("SetAccountPricing");
    public static readonly GrpcMethod<GetAccountPricingRequest, AccountPricing> GetAccountPricing = Of<GetAccountPricingRequest, AccountPricing>("GetAccountPricing");
    public static readonly GrpcMethod<ExplainRequest, Explanation> Explain = Of<ExplainRequest, Explanation>("Explain");
    public static readonly GrpcMethod<StatementRequest, StatementRow> Statement = Of<StatementRequest, StatementRow>("Statement");

    private static GrpcMethod<TRequest, TResponse> Of<TRequest, TResponse>(string name)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        GrpcMethod.Create<TRequest, TResponse>(OperatorReflection.Descriptor.Services[0], name);
}
