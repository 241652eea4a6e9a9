using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>
/// What operators call: accounts, keys, limits, top-ups, tokens, the ledger. Requests and answers are those of
/// <c>enforcer/v1/operator.proto</c>, where each field is explained. A change without an operation id gets one, so that a repeat
/// after a lost connection has no second effect. Calls that make or rotate secrets have none and are never repeated.
/// </summary>
/// <remarks>All calls throw <see cref="EnforcerException"/> if the server cannot be reached in time, does not accept the token or its role, or finds the request wrong.</remarks>
public sealed class EnforcerOperator : IDisposable
{
    private readonly Endpoints _endpoints;
    private readonly UnaryCaller _caller;
    private readonly OperationIds _ids;

    /// <summary>Checks the options. Connects with the first call.</summary>
    /// <param name="options">Where to connect; the token needs the role viewer to read, operator to change, admin for tokens.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">At least one option breaks its rule.</exception>
    public EnforcerOperator(EnforcerClientOptions options)
        : this(options, ClientPorts.Real)
    {
    }

    internal EnforcerOperator(EnforcerClientOptions options, ClientPorts ports)
    {
        ArgumentNullException.ThrowIfNull(options);
        EnforcerClientOptionsValidator.Check(options);
        _endpoints = new Endpoints(options, ports);
        _caller = new UnaryCaller(options, _endpoints, ports);
        _ids = new OperationIds(options.TimeProvider, ports.Random);
    }

    /// <summary>Makes an account.</summary>
    public Task<AccountView> CreateAccountAsync(CreateAccountRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.CreateAccount, WithId(request), isRepeatable: true, cancellationToken);

    /// <summary>Reads an account's balances and limits.</summary>
    public Task<AccountView> GetAccountAsync(GetAccountRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.GetAccount, request, isRepeatable: true, cancellationToken);

    /// <summary>Reads one page of accounts.</summary>
    public Task<ListAccountsResponse> ListAccountsAsync(ListAccountsRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.ListAccounts, request, isRepeatable: true, cancellationToken);

    /// <summary>Replaces an account's limits.</summary>
    public Task<ChangeResponse> SetLimitsAsync(SetLimitsRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.SetLimits, WithId(request), isRepeatable: true, cancellationToken);

    /// <summary>Raises the cap of an account's life-long spend limit.</summary>
    public Task<ChangeResponse> TopUpAsync(TopUpRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.TopUp, WithId(request), isRepeatable: true, cancellationToken);

    /// <summary>Suspends an account: it grants nothing until it is resumed.</summary>
    public Task<ChangeResponse> SuspendAsync(ChangeRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.Suspend, WithId(request), isRepeatable: true, cancellationToken);

    /// <summary>Resumes a suspended account.</summary>
    public Task<ChangeResponse> ResumeAsync(ChangeRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.Resume, WithId(request), isRepeatable: true, cancellationToken);

    /// <summary>Closes an account for good; open reservations can still be settled.</summary>
    public Task<ChangeResponse> CloseAsync(ChangeRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.Close, WithId(request), isRepeatable: true, cancellationToken);

    /// <summary>Gives back all or part of a finished commit, by a new entry.</summary>
    public Task<ChangeResponse> ReverseAsync(ReverseRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.Reverse, WithId(request), isRepeatable: true, cancellationToken);

    /// <summary>Makes a key, and its account if need be. The secret is in this answer and nowhere else.</summary>
    public Task<CreateKeyResponse> CreateKeyAsync(CreateKeyRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.CreateKey, request, isRepeatable: false, cancellationToken);

    /// <summary>Reads one page of keys.</summary>
    public Task<ListKeysResponse> ListKeysAsync(ListKeysRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.ListKeys, request, isRepeatable: true, cancellationToken);

    /// <summary>Reads a key; never its secret.</summary>
    public Task<KeyView> GetKeyAsync(GetKeyRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.GetKey, request, isRepeatable: true, cancellationToken);

    /// <summary>Makes a key's successor; the old secret works on for the overlap.</summary>
    public Task<CreateKeyResponse> RotateKeyAsync(RotateKeyRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.RotateKey, request, isRepeatable: false, cancellationToken);

    /// <summary>Revokes a key at once.</summary>
    public Task<KeyView> RevokeKeyAsync(RevokeKeyRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.RevokeKey, request, isRepeatable: true, cancellationToken);

    /// <summary>Makes a token. The secret is in this answer and nowhere else.</summary>
    public Task<CreateTokenResponse> CreateTokenAsync(CreateTokenRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.CreateToken, request, isRepeatable: false, cancellationToken);

    /// <summary>Reads all tokens; never their secrets.</summary>
    public Task<ListTokensResponse> ListTokensAsync(ListTokensRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.ListTokens, request, isRepeatable: true, cancellationToken);

    /// <summary>Revokes a token at once.</summary>
    public Task<TokenView> RevokeTokenAsync(RevokeTokenRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.RevokeToken, request, isRepeatable: true, cancellationToken);

    /// <summary>Reads an account's entries; ends when all that match were read.</summary>
    public IAsyncEnumerable<LedgerEntry> QueryLedgerAsync(QueryLedgerRequest request, CancellationToken cancellationToken = default) =>
        _caller.StreamAsync(OperatorMethods.QueryLedger, request, cancellationToken);

    /// <summary>Reads the entry that an operation made, whichever account it is on; NOT_FOUND if it made none.</summary>
    public Task<LedgerEntry> FindOperationAsync(FindOperationRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.FindOperation, request, isRepeatable: true, cancellationToken);

    /// <summary>Reads the balances of accounts, first at once, then at every change; ends when it is cancelled.</summary>
    public IAsyncEnumerable<WatchResponse> WatchAsync(WatchRequest request, CancellationToken cancellationToken = default) =>
        _caller.StreamAsync(OperatorMethods.Watch, request, cancellationToken);

    /// <summary>Reads the nodes of a cluster: who owns how many accounts, and how each fares.</summary>
    public Task<ListNodesResponse> ListNodesAsync(ListNodesRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.ListNodes, request, isRepeatable: true, cancellationToken);

    /// <summary>Tells a node to give its accounts to the others, or to take its share again; answers at once.</summary>
    public Task<NodeView> DrainNodeAsync(DrainNodeRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.DrainNode, request, isRepeatable: true, cancellationToken);

    /// <summary>Adds a version to the price book from a file, or tells what that would do.</summary>
    public Task<ImportPricesResponse> ImportPricesAsync(ImportPricesRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.ImportPrices, request, isRepeatable: false, cancellationToken);

    /// <summary>Reads all versions of a price book, oldest first.</summary>
    public Task<ListPriceVersionsResponse> ListPriceVersionsAsync(ListPriceVersionsRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.ListPriceVersions, request, isRepeatable: true, cancellationToken);

    /// <summary>Reads the prices of a version, model by model.</summary>
    public IAsyncEnumerable<ModelPrices> ShowPricesAsync(ShowPricesRequest request, CancellationToken cancellationToken = default) =>
        _caller.StreamAsync(OperatorMethods.ShowPrices, request, cancellationToken);

    /// <summary>Reads what changed from one version to another, line by line.</summary>
    public IAsyncEnumerable<PriceChange> DiffPricesAsync(DiffPricesRequest request, CancellationToken cancellationToken = default) =>
        _caller.StreamAsync(OperatorMethods.DiffPrices, request, cancellationToken);

    /// <summary>Adds a version in which one rate is another, or a model is new.</summary>
    public Task<PriceVersionView> SetRateAsync(SetRateRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.SetRate, request, isRepeatable: false, cancellationToken);

    /// <summary>Sets the rules of a price plan.</summary>
    public Task<PricePlanView> SetPricePlanAsync(SetPricePlanRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.SetPricePlan, request, isRepeatable: true, cancellationToken);

    /// <summary>Reads a price plan.</summary>
    public Task<PricePlanView> GetPricePlanAsync(GetPricePlanRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.GetPricePlan, request, isRepeatable: true, cancellationToken);

    /// <summary>Reads all price plans.</summary>
    public Task<ListPricePlansResponse> ListPricePlansAsync(ListPricePlansRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.ListPricePlans, request, isRepeatable: true, cancellationToken);

    /// <summary>Chooses the plans by which an account is priced.</summary>
    public Task<AccountPricing> SetAccountPricingAsync(SetAccountPricingRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.SetAccountPricing, request, isRepeatable: true, cancellationToken);

    /// <summary>Reads the plans by which an account is priced.</summary>
    public Task<AccountPricing> GetAccountPricingAsync(GetAccountPricingRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.GetAccountPricing, request, isRepeatable: true, cancellationToken);

    /// <summary>Reads how an operation came to its answer and its price, line by line; NOT_FOUND if it made no entry.</summary>
    public Task<Explanation> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken = default) =>
        _caller.CallAsync(OperatorMethods.Explain, request, isRepeatable: true, cancellationToken);

    /// <summary>Reads what accounts used in a month: a row for each account, provider and model.</summary>
    public IAsyncEnumerable<StatementRow> StatementAsync(StatementRequest request, CancellationToken cancellationToken = default) =>
        _caller.StreamAsync(OperatorMethods.Statement, request, cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _endpoints.Dispose();

    private CreateAccountRequest WithId(CreateAccountRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.OperationId.IsEmpty ? new(request) { OperationId = _ids.Next().ToWire() } : request;
    }

    private SetLimitsRequest WithId(SetLimitsRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.OperationId.IsEmpty ? new(request) { OperationId = _ids.Next().ToWire() } : request;
    }

    private TopUpRequest WithId(TopUpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.OperationId.IsEmpty ? new(request) { OperationId = _ids.Next().ToWire() } : request;
    }

    private ChangeRequest WithId(ChangeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.OperationId.IsEmpty ? new(request) { OperationId = _ids.Next().ToWire() } : request;
    }

    private ReverseRequest WithId(ReverseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.OperationId.IsEmpty ? new(request) { OperationId = _ids.Next().ToWire() } : request;
    }
}
