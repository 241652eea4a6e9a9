using System.Collections.Concurrent;
using System.Net;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Enforcer.Cli.Tests.Support;

/// <summary>A server that answers as a test says, and remembers what it was asked.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    public const string Token = "enf_admin_test";
    private readonly Dictionary<string, Func<IMessage, IMessage>> _answers = [];
    private readonly WebApplication _app;

    private FakeServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.UseGrpc(new GrpcServer([OperatorService(), EdgeService(), HealthService.Create(Health)]));
    }

    public Uri Address => new(_app.Urls.First());

    public string Authority => Address.Authority;

    public HealthState Health { get; } = new();

    /// <summary>Requests in the order in which they came.</summary>
    public ConcurrentQueue<IMessage> Requests { get; } = [];

    public List<LedgerEntry> Entries { get; } = [];

    public List<WatchResponse> Changes { get; } = [];

    public static async Task<FakeServer> StartAsync()
    {
        var server = new FakeServer();
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Sets the answer to requests of a type.</summary>
    public FakeServer On<TRequest>(Func<TRequest, IMessage> answer)
        where TRequest : IMessage
    {
        _answers[typeof(TRequest).Name] = request => answer((TRequest)request);
        return this;
    }

    /// <summary>The only request of a type.</summary>
    public T Single<T>() => Requests.OfType<T>().Single();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private GrpcService OperatorService()
    {
        var service = new GrpcService(OperatorReflection.Descriptor.Services[0]);
        service
            .Unary<CreateAccountRequest, AccountView>("CreateAccount", Answer<CreateAccountRequest, AccountView>)
            .Unary<GetAccountRequest, AccountView>("GetAccount", Answer<GetAccountRequest, AccountView>)
            .Unary<ListAccountsRequest, ListAccountsResponse>("ListAccounts", Answer<ListAccountsRequest, ListAccountsResponse>)
            .Unary<SetLimitsRequest, ChangeResponse>("SetLimits", Answer<SetLimitsRequest, ChangeResponse>)
            .Unary<TopUpRequest, ChangeResponse>("TopUp", Answer<TopUpRequest, ChangeResponse>)
            .Unary<ChangeRequest, ChangeResponse>("Suspend", Answer<ChangeRequest, ChangeResponse>)
            .Unary<ChangeRequest, ChangeResponse>("Resume", Answer<ChangeRequest, ChangeResponse>)
            .Unary<ChangeRequest, ChangeResponse>("Close", Answer<ChangeRequest, ChangeResponse>)
            .Unary<ReverseRequest, ChangeResponse>("Reverse", Answer<ReverseRequest, ChangeResponse>)
            .Unary<CreateKeyRequest, CreateKeyResponse>("CreateKey", Answer<CreateKeyRequest, CreateKeyResponse>)
            .Unary<ListKeysRequest, ListKeysResponse>("ListKeys", Answer<ListKeysRequest, ListKeysResponse>)
            .Unary<GetKeyRequest, KeyView>("GetKey", Answer<GetKeyRequest, KeyView>)
            .Unary<RotateKeyRequest, CreateKeyResponse>("RotateKey", Answer<RotateKeyRequest, CreateKeyResponse>)
            .Unary<RevokeKeyRequest, KeyView>("RevokeKey", Answer<RevokeKeyRequest, KeyView>)
            .Unary<CreateTokenRequest, CreateTokenResponse>("CreateToken", Answer<CreateTokenRequest, CreateTokenResponse>)
            .Unary<ListTokensRequest, ListTokensResponse>("ListTokens", Answer<ListTokensRequest, ListTokensResponse>)
            .Unary<RevokeTokenRequest, TokenView>("RevokeToken", Answer<RevokeTokenRequest, TokenView>)
            .Unary<ListNodesRequest, ListNodesResponse>("ListNodes", Answer<ListNodesRequest, ListNodesResponse>)
            .Unary<DrainNodeRequest, NodeView>("DrainNode", Answer<DrainNodeRequest, NodeView>)
            .Unary<FindOperationRequest, LedgerEntry>("FindOperation", Answer<FindOperationRequest, LedgerEntry>)
            .Unary<ImportPricesRequest, ImportPricesResponse>("ImportPrices", Answer<ImportPricesRequest, ImportPricesResponse>)
            .Unary<ListPriceVersionsRequest, ListPriceVersionsResponse>("ListPriceVersions", Answer<ListPriceVersionsRequest, ListPriceVersionsResponse>)
            .Unary<SetRateRequest, PriceVersionView>("SetRate", Answer<SetRateRequest, PriceVersionView>)
            .Unary<SetPricePlanRequest, PricePlanView>("SetPricePlan", Answer<SetPricePlanRequest, PricePlanView>)
            .Unary<GetPricePlanRequest, PricePlanView>("GetPricePlan", Answer<GetPricePlanRequest, PricePlanView>)
            .Unary<ListPricePlansRequest, ListPricePlansResponse>("ListPricePlans", Answer<ListPricePlansRequest, ListPricePlansResponse>)
            .Unary<SetAccountPricingRequest, AccountPricing>("SetAccountPricing", Answer<SetAccountPricingRequest, AccountPricing>)
            .Unary<GetAccountPricingRequest, AccountPricing>("GetAccountPricing", Answer<GetAccountPricingRequest, AccountPricing>)
            .Unary<ExplainRequest, Explanation>("Explain", Answer<ExplainRequest, Explanation>)
            .ServerStream<ShowPricesRequest, ModelPrices>("ShowPrices", (request, answers, call) => StreamAsync(request, new List<ModelPrices>(), answers, call))
            .ServerStream<DiffPricesRequest, PriceChange>("DiffPrices", (request, answers, call) => StreamAsync(request, new List<PriceChange>(), answers, call))
            .ServerStream<StatementRequest, StatementRow>("Statement", (request, answers, call) => StreamAsync(request, new List<StatementRow>(), answers, call))
            .ServerStream<QueryLedgerRequest, LedgerEntry>("QueryLedger", (request, answers, call) => StreamAsync(request, Entries, answers, call))
            .ServerStream<WatchRequest, WatchResponse>("Watch", (request, answers, call) => StreamAsync(request, Changes, answers, call));
        return service;
    }

    private GrpcService EdgeService() => new GrpcService(EdgeReflection.Descriptor.Services[0])
        .Unary<ReserveRequest, Outcome>("Reserve", Answer<ReserveRequest, Outcome>)
        .Unary<ExtendRequest, Outcome>("Extend", Answer<ExtendRequest, Outcome>)
        .Unary<CommitRequest, Outcome>("Commit", Answer<CommitRequest, Outcome>)
        .Unary<ReleaseRequest, Outcome>("Release", Answer<ReleaseRequest, Outcome>)
        .Unary<GetRequest, GetResponse>("Get", Answer<GetRequest, GetResponse>)
        .Duplex<CommandBatch, OutcomeBatch>("Session", SessionAsync);

    private async Task SessionAsync(GrpcStreamReader<CommandBatch> commands, GrpcStreamWriter<OutcomeBatch> outcomes, GrpcCall call)
    {
        Authenticate(call);
        while (await commands.ReadAsync() is { } batch)
        {
            var answers = new OutcomeBatch();
            foreach (var command in batch.Commands)
            {
                IMessage body = command.BodyCase == Command.BodyOneofCase.Reserve ? command.Reserve : command.Commit;
                var outcome = (Outcome)Answer(body);
                outcome.Number = command.Number;
                answers.Outcomes.Add(outcome);
            }
            outcomes.Write(answers);
            await outcomes.FlushAsync();
        }
    }

    private async Task StreamAsync<TRequest, TAnswer>(TRequest request, List<TAnswer> script, GrpcStreamWriter<TAnswer> answers, GrpcCall call)
        where TRequest : class, IMessage<TRequest>
        where TAnswer : class, IMessage<TAnswer>
    {
        Authenticate(call);
        Requests.Enqueue(request);
        foreach (var answer in script)
            answers.Write(answer);
        await answers.FlushAsync();
    }

    private ValueTask<TAnswer> Answer<TRequest, TAnswer>(TRequest request, GrpcCall call)
        where TRequest : IMessage
        where TAnswer : IMessage
    {
        Authenticate(call);
        return new((TAnswer)Answer(request));
    }

    private IMessage Answer(IMessage request)
    {
        Requests.Enqueue(request);
        return _answers.TryGetValue(request.GetType().Name, out var answer)
            ? answer(request)
            : throw new GrpcStatusException(GrpcStatus.FailedPrecondition, $"the test has no answer to {request.GetType().Name}.");
    }

    private static void Authenticate(GrpcCall call)
    {
        if (call.Header("authorization") != $"Bearer {Token}")
            throw new GrpcStatusException(GrpcStatus.Unauthenticated, "the token is not known.");
    }
}
