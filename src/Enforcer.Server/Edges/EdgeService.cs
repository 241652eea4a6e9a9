using System.Runtime.CompilerServices;
using Enforcer.Access;
using Enforcer.Grpc;
using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Server.Edges.Sessions;
using Enforcer.Server.Observability;
using Enforcer.Server.Refusals;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Edges;

/// <summary>The service <c>enforcer.v1.Edge</c>: one handler per method.</summary>
internal sealed class EdgeService(IAccountEngine host, AccountCatalog accounts, SessionPorts ports, CommandTally tally)
{
    /// <summary>Binds the handlers.</summary>
    public GrpcService Bind() => new GrpcService(V1.EdgeReflection.Descriptor.Services[0])
        .Unary<V1.ReserveRequest, V1.Outcome>("Reserve", (request, call) => Execute(EdgeRequests.ToCommand(request), request.Account, call))
        .Unary<V1.ExtendRequest, V1.Outcome>("Extend", (request, call) => Execute(EdgeRequests.ToCommand(request, ports.Offers), request.Account, call))
        .Unary<V1.CommitRequest, V1.Outcome>("Commit", (request, call) => Execute(EdgeRequests.ToCommand(request, ports.Offers), request.Account, call))
        .Unary<V1.ReleaseRequest, V1.Outcome>("Release", (request, call) => Execute(EdgeRequests.ToCommand(request), request.Account, call))
        .Unary<V1.GetRequest, V1.GetResponse>("Get", GetAsync)
        .Duplex<V1.CommandBatch, V1.OutcomeBatch>("Session", (requests, answers, call) => new EdgeSession(ports, requests, answers, call).RunAsync());

    private ValueTask<V1.Outcome> Execute(in Command command, V1.AccountRef? account, GrpcCall call)
    {
        var found = FindAsync(account, call);
        if (!found.IsCompletedSuccessfully) return ExecuteSlowAsync(found, command, call);
        return found.Result is { } target ? StartAsync(target, command, call) : new(Unknown(command.Kind));
    }

    private async ValueTask<V1.Outcome> ExecuteSlowAsync(ValueTask<AccountTarget?> found, Command command, GrpcCall call) =>
        await found.ConfigureAwait(false) is { } target ? await StartAsync(target, command, call).ConfigureAwait(false) : Unknown(command.Kind);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<V1.Outcome> StartAsync(AccountTarget target, Command command, GrpcCall call)
    {
        Outcome outcome;
        try
        {
            var execution = host.Start(target, command, ports.NowMs, call.Deadline?.ToUnixTimeMilliseconds() ?? long.MaxValue);
            if (execution.Pending is { } pending) execution = await pending.WaitAsync(call.CancellationToken).ConfigureAwait(false);
            await host.WhenDurableAsync(execution.Ticket).ConfigureAwait(false);
            outcome = execution.Outcome;
        }
        catch (Exception failure) when (StorageFaults.IsUnavailable(failure))
        {
            outcome = Outcome.Refuse(Refusal.Unavailable, 0);
        }
        tally.Add(command.Kind, outcome.Refusal);
        if (!outcome.IsGranted) ports.Refusals.Note(AskedOperation.Of(command), ports.NowMs, target.Id, outcome);
        return Faults.Of(outcome) is { } fault ? throw fault : Views.Of(outcome, target.Id);
    }

    private V1.Outcome Unknown(CommandKind kind)
    {
        tally.Add(kind, Refusal.UnknownAccount);
        return Views.Of(Outcome.Refuse(Refusal.UnknownAccount, 0), account: null);
    }

    private async ValueTask<V1.GetResponse> GetAsync(V1.GetRequest request, GrpcCall call)
    {
        var id = EdgeRequests.Id(request.ReservationId, "reservation_id");
        var target = await FindAsync(request.Account, call).ConfigureAwait(false)
            ?? throw new GrpcStatusException(GrpcStatus.NotFound, RefusalWords.UnknownAccount);
        try
        {
            var response = new V1.GetResponse
            {
                Account = Views.Of(await host.ReadAsync(target.Number, call.CancellationToken).ConfigureAwait(false), target.Id),
            };
            if (id.IsNone) return response;
            var reservation = await host.ReadReservationAsync(target.Number, id, call.CancellationToken).ConfigureAwait(false)
                ?? throw Faults.Of(Outcome.Refuse(Refusal.UnknownReservation, 0))!;
            response.Reservation = Views.Of(reservation);
            return response;
        }
        catch (Exception failure) when (StorageFaults.IsUnavailable(failure))
        {
            throw Faults.Unavailable();
        }
    }

    /// <summary>The account, null if there is none. A call's token of cancellation costs an allocation, so it is asked for only when the directory is.</summary>
    private ValueTask<AccountTarget?> FindAsync(V1.AccountRef? account, GrpcCall call)
    {
        AccountTarget? target;
        switch (account?.ByCase)
        {
            case V1.AccountRef.ByOneofCase.Account:
                if (accounts.TryFind(account.Account, out target)) return new(target);
                if (!DirectoryRules.IsAccountId(account.Account)) throw Faults.Invalid(AccountProblems.WrongForm);
                return AskAsync(accounts.FindAsync(account.Account, call.CancellationToken));
            case V1.AccountRef.ByOneofCase.Key:
                var hash = CredentialHash.Of(account.Key);
                return accounts.TryFindKey(hash, out target) ? new(target) : AskAsync(accounts.FindKeyAsync(hash, call.CancellationToken));
            default:
                throw Faults.Invalid(AccountProblems.Missing);
        }
    }

    /// <summary>A directory that cannot be read says nothing of the account: the caller asks again.</summary>
    private static async ValueTask<AccountTarget?> AskAsync(ValueTask<AccountTarget?> directory)
    {
        try
        {
            return await directory.ConfigureAwait(false);
        }
        catch (DirectoryException)
        {
            throw Faults.Unavailable();
        }
    }
}
