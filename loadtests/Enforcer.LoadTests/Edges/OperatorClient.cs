using Enforcer.Grpc;
using Enforcer.LoadTests.Traffic;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.LoadTests.Edges;

/// <summary>What load tests need of the operator service: accounts with a cap, changes of it, balances and the ledger.</summary>
internal sealed class OperatorClient(Target target, OperationIds ids) : IDisposable
{
    private const int Parallel = 256;

    private static readonly Google.Protobuf.Reflection.ServiceDescriptor Service = OperatorReflection.Descriptor.Services[0];

    private static readonly GrpcMethod<CreateAccountRequest, AccountView> Create =
        GrpcMethod.Create<CreateAccountRequest, AccountView>(Service, "CreateAccount");

    private static readonly GrpcMethod<SetLimitsRequest, ChangeResponse> Set =
        GrpcMethod.Create<SetLimitsRequest, ChangeResponse>(Service, "SetLimits");

    private static readonly GrpcMethod<GetAccountRequest, AccountView> Get =
        GrpcMethod.Create<GetAccountRequest, AccountView>(Service, "GetAccount");

    private static readonly GrpcMethod<QueryLedgerRequest, LedgerEntry> Ledger =
        GrpcMethod.Create<QueryLedgerRequest, LedgerEntry>(Service, "QueryLedger");

    private readonly GrpcChannel _channel = EdgeChannel.Open(target);

    /// <summary>Makes accounts 0 to n-1, each with one cap for life.</summary>
    public async Task CreateAccountsAsync(int accounts, Func<int, long> capNanos, Action<int>? created, CancellationToken cancellation)
    {
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation };
        await System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(0, accounts), options, async (account, token) =>
        {
            var request = new CreateAccountRequest
            {
                OperationId = NextId(),
                Account = AccountNames.Of(account),
                Unit = "USD",
                Limits = Cap(capNanos(account)),
                Reason = "load test",
            };
            await _channel.UnaryAsync(Create, request, new GrpcCallOptions { CancellationToken = token }).ConfigureAwait(false);
            created?.Invoke(Interlocked.Increment(ref done));
        }).ConfigureAwait(false);
    }

    public async Task SetCapAsync(int account, long capNanos, CancellationToken cancellation)
    {
        var request = new SetLimitsRequest
        {
            OperationId = NextId(),
            Account = AccountNames.Of(account),
            Limits = Cap(capNanos),
            Reason = "load test",
        };
        var answer = await _channel.UnaryAsync(Set, request, new GrpcCallOptions { CancellationToken = cancellation }).ConfigureAwait(false);
        if (answer.Outcome.Refusal != Refusal.Granted)
            throw new InvalidOperationException($"the cap of {request.Account} was not set: {answer.Outcome.Detail?.Message}");
    }

    public ValueTask<AccountView> GetAsync(int account, CancellationToken cancellation) =>
        _channel.UnaryAsync(Get, new GetAccountRequest { Account = AccountNames.Of(account) }, new GrpcCallOptions { CancellationToken = cancellation });

    /// <summary>True if the account's ledger shows an entry of the operation.</summary>
    /// <param name="account">The account's number.</param>
    /// <param name="operationId">The operation looked for.</param>
    /// <param name="byId">Ask for that operation; otherwise look for it in the account's newest entries.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<bool> IsInLedgerAsync(int account, ByteString operationId, bool byId, CancellationToken cancellation)
    {
        var request = new QueryLedgerRequest { Account = AccountNames.Of(account), Limit = 100 };
        if (byId)
            request.OperationId = operationId;
        var entries = _channel.ServerStream(Ledger, request, default, cancellation);
        await foreach (var entry in entries.ConfigureAwait(false))
        {
            if (entry.OperationId == operationId)
                return true;
        }

        return false;
    }

    public void Dispose() => _channel.Dispose();

    private static Limits Cap(long capNanos) => new()
    {
        Spend = { new SpendLimit { Window = SpendWindow.Life, CapNanos = capNanos } },
        OnExpiry = ExpiryPolicy.Charge,
    };

    private ByteString NextId()
    {
        var bytes = new byte[16];
        lock (ids)
            OperationIds.Write(ids.Next(), bytes);
        return ByteString.CopyFrom(bytes);
    }
}
