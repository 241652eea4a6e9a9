using Enforcer.Access;
using Enforcer.Grpc;
using Enforcer.Ledger.Commands;
using Enforcer.Server.Operators.Prices;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators;

/// <summary>All methods of the operator service: the one table that gRPC, REST, roles and OpenAPI are made from.</summary>
internal sealed class OperatorMethods(
    OperatorAccounts accounts, OperatorKeys keys, OperatorTokens tokens, OperatorLedger ledger, OperatorWatch watch, OperatorNodes nodes, PricingOperators pricing)
{
    /// <summary>The table.</summary>
    public IReadOnlyList<OperatorMethod> All { get; } =
    [
        new UnaryMethod<V1.CreateAccountRequest, V1.AccountView>("CreateAccount", Permission.Change, "POST", "/v1/accounts", accounts.CreateAsync),
        new UnaryMethod<V1.ListAccountsRequest, V1.ListAccountsResponse>("ListAccounts", Permission.Read, "GET", "/v1/accounts", accounts.ListAsync),
        new UnaryMethod<V1.GetAccountRequest, V1.AccountView>("GetAccount", Permission.Read, "GET", "/v1/accounts/{account}", accounts.GetAsync),
        new UnaryMethod<V1.SetLimitsRequest, V1.ChangeResponse>("SetLimits", Permission.Change, "PUT", "/v1/accounts/{account}/limits", accounts.SetLimitsAsync),
        new UnaryMethod<V1.TopUpRequest, V1.ChangeResponse>("TopUp", Permission.Change, "POST", "/v1/accounts/{account}/topup", accounts.TopUpAsync),
        Status("Suspend", CommandKind.Suspend, accounts),
        Status("Resume", CommandKind.Resume, accounts),
        Status("Close", CommandKind.Close, accounts),
        new UnaryMethod<V1.ReverseRequest, V1.ChangeResponse>("Reverse", Permission.Change, "POST", "/v1/accounts/{account}/reverse", accounts.ReverseAsync),
        new UnaryMethod<V1.CreateKeyRequest, V1.CreateKeyResponse>("CreateKey", Permission.Change, "POST", "/v1/keys", keys.CreateAsync),
        new UnaryMethod<V1.ListKeysRequest, V1.ListKeysResponse>("ListKeys", Permission.Read, "GET", "/v1/keys", keys.ListAsync),
        new UnaryMethod<V1.GetKeyRequest, V1.KeyView>("GetKey", Permission.Read, "GET", "/v1/keys/{key_id}", keys.GetAsync),
        new UnaryMethod<V1.RotateKeyRequest, V1.CreateKeyResponse>("RotateKey", Permission.Change, "POST", "/v1/keys/{key_id}/rotate", keys.RotateAsync),
        new UnaryMethod<V1.RevokeKeyRequest, V1.KeyView>("RevokeKey", Permission.Change, "POST", "/v1/keys/{key_id}/revoke", keys.RevokeAsync),
        new UnaryMethod<V1.CreateTokenRequest, V1.CreateTokenResponse>("CreateToken", Permission.ManageTokens, "POST", "/v1/tokens", tokens.CreateAsync),
        new UnaryMethod<V1.ListTokensRequest, V1.ListTokensResponse>("ListTokens", Permission.ManageTokens, "GET", "/v1/tokens", tokens.ListAsync),
        new UnaryMethod<V1.RevokeTokenRequest, V1.TokenView>("RevokeToken", Permission.ManageTokens, "POST", "/v1/tokens/{token_id}/revoke", tokens.RevokeAsync),
        new StreamMethod<V1.QueryLedgerRequest, V1.LedgerEntry>("QueryLedger", Permission.Read, "GET", "/v1/accounts/{account}/ledger", ledger.QueryAsync),
        new UnaryMethod<V1.FindOperationRequest, V1.LedgerEntry>("FindOperation", Permission.Read, "GET", "/v1/operations/{operation_id}", ledger.FindAsync),
        new StreamMethod<V1.WatchRequest, V1.WatchResponse>("Watch", Permission.Read, "GET", "/v1/watch", watch.WatchAsync),
        new UnaryMethod<V1.ListNodesRequest, V1.ListNodesResponse>("ListNodes", Permission.Read, "GET", "/v1/nodes", nodes.ListAsync),
        new UnaryMethod<V1.DrainNodeRequest, V1.NodeView>("DrainNode", Permission.Change, "POST", "/v1/nodes/{node}/drain", nodes.DrainAsync),
        new UnaryMethod<V1.ImportPricesRequest, V1.ImportPricesResponse>("ImportPrices", Permission.Change, "POST", "/v1/prices/import", pricing.Book.ImportAsync)
        {
            MaxRequestBytes = OperatorPriceBook.MaxFileBytes + (64 * 1024),
        },
        new UnaryMethod<V1.ListPriceVersionsRequest, V1.ListPriceVersionsResponse>("ListPriceVersions", Permission.Read, "GET", "/v1/prices/versions", pricing.Book.ListAsync),
        new StreamMethod<V1.ShowPricesRequest, V1.ModelPrices>("ShowPrices", Permission.Read, "GET", "/v1/prices", pricing.Book.ShowAsync),
        new StreamMethod<V1.DiffPricesRequest, V1.PriceChange>("DiffPrices", Permission.Read, "GET", "/v1/prices/diff", pricing.Book.DiffAsync),
        new UnaryMethod<V1.SetRateRequest, V1.PriceVersionView>("SetRate", Permission.Change, "POST", "/v1/prices/rate", pricing.Book.SetRateAsync),
        new UnaryMethod<V1.SetPricePlanRequest, V1.PricePlanView>("SetPricePlan", Permission.Change, "PUT", "/v1/plans/{plan}", pricing.Plans.SetAsync),
        new UnaryMethod<V1.GetPricePlanRequest, V1.PricePlanView>("GetPricePlan", Permission.Read, "GET", "/v1/plans/{plan}", pricing.Plans.GetAsync),
        new UnaryMethod<V1.ListPricePlansRequest, V1.ListPricePlansResponse>("ListPricePlans", Permission.Read, "GET", "/v1/plans", pricing.Plans.ListAsync),
        new UnaryMethod<V1.SetAccountPricingRequest, V1.AccountPricing>("SetAccountPricing", Permission.Change, "PUT", "/v1/accounts/{account}/pricing", pricing.Plans.ChooseAsync),
        new UnaryMethod<V1.GetAccountPricingRequest, V1.AccountPricing>("GetAccountPricing", Permission.Read, "GET", "/v1/accounts/{account}/pricing", pricing.Plans.GetChoiceAsync),
        new UnaryMethod<V1.ExplainRequest, V1.Explanation>("Explain", Permission.Read, "GET", "/v1/operations/{operation_id}/explanation", pricing.Explain.RunAsync),
        new StreamMethod<V1.StatementRequest, V1.StatementRow>("Statement", Permission.Read, "GET", "/v1/statements/{month}", pricing.Statement.RunAsync),
    ];

    /// <summary>Binds them to gRPC; whoever calls was identified before.</summary>
    public GrpcService Bind(Func<GrpcCall, OperatorCall> caller)
    {
        var service = new GrpcService(V1.OperatorReflection.Descriptor.Services[0]);
        foreach (var method in All) method.Bind(service, caller);
        return service;
    }

    private static UnaryMethod<V1.ChangeRequest, V1.ChangeResponse> Status(string name, CommandKind kind, OperatorAccounts accounts) =>
        new UnaryMethod<V1.ChangeRequest, V1.ChangeResponse>(
            name, Permission.Change, "POST", "/v1/accounts/{account}/" + name.ToLowerInvariant(), (request, call) => accounts.ChangeStatusAsync(kind, request, call));
}
