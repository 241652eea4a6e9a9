using System.Security.Cryptography;
using Enforcer.Access;
using Enforcer.Grpc;
using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Limits;
using Enforcer.Protocol;
using Enforcer.Server.Edges;
using Enforcer.Server.Wire;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators;

/// <summary>Accounts and their limits: every change goes through the account's own journal, with actor and reason.</summary>
internal sealed class OperatorAccounts(
    IAccountEngine host, IAccountDirectory directory, AccountCatalog catalog, NameMaker names, IWindowCalendar calendar, TimeProvider clock)
{
    private const int DefaultPage = 100;

    public async Task<V1.AccountView> CreateAsync(V1.CreateAccountRequest request, OperatorCall call)
    {
        var limits = LimitMessages.Read(request.Limits, calendar);
        var target = await EnsureListedAsync(request.Account, request.Unit, call).ConfigureAwait(false);
        await OpenAsync(target, Unit(request.Unit), limits, request.OperationId, request.Reason, call).ConfigureAwait(false);
        return await ViewAsync(target, call).ConfigureAwait(false);
    }

    public async Task<V1.AccountView> GetAsync(V1.GetAccountRequest request, OperatorCall call) =>
        await ViewAsync(await FindAsync(request.Account, call).ConfigureAwait(false), call).ConfigureAwait(false);

    public async Task<V1.ListAccountsResponse> ListAsync(V1.ListAccountsRequest request, OperatorCall call)
    {
        var size = PageSize(request.PageSize);
        var records = await directory.ListAsync(request.After, size, call.Cancel).ConfigureAwait(false);
        var response = new V1.ListAccountsResponse { NextAfter = records.Count == size ? records[^1].Id : "" };
        foreach (var record in records)
            response.Accounts.Add(await ViewAsync(new AccountTarget(record.Number, record.Id), call).ConfigureAwait(false));
        return response;
    }

    public Task<V1.ChangeResponse> SetLimitsAsync(V1.SetLimitsRequest request, OperatorCall call) => ChangeAsync(
        request.Account, request.OperationId, request.Reason, call,
        new Command { Kind = CommandKind.SetLimits, Limits = LimitMessages.Read(request.Limits, calendar) });

    public Task<V1.ChangeResponse> TopUpAsync(V1.TopUpRequest request, OperatorCall call) => ChangeAsync(
        request.Account, request.OperationId, request.Reason, call, new Command { Kind = CommandKind.TopUp, AmountNanos = request.AmountNanos });

    public Task<V1.ChangeResponse> ReverseAsync(V1.ReverseRequest request, OperatorCall call) => ChangeAsync(
        request.Account, request.OperationId, request.Reason, call,
        new Command
        {
            Kind = CommandKind.Reverse,
            AmountNanos = request.AmountNanos,
            ReservationId = EdgeRequests.Id(request.ReservationId, "reservation_id"),
        });

    public Task<V1.ChangeResponse> ChangeStatusAsync(CommandKind kind, V1.ChangeRequest request, OperatorCall call) =>
        ChangeAsync(request.Account, request.OperationId, request.Reason, call, new Command { Kind = kind });

    /// <summary>The account of a new key, made with these limits if it is new.</summary>
    public async Task<AccountTarget> EnsureAsync(V1.CreateKeyRequest request, OperatorCall call)
    {
        var limits = LimitMessages.Read(request.Limits, calendar);
        var target = await EnsureListedAsync(request.Account, request.Unit, call).ConfigureAwait(false);
        var reading = await host.ReadAsync(target.Number, call.Cancel).ConfigureAwait(false);
        if (reading.Status == AccountStatus.None)
            await OpenAsync(target, Unit(request.Unit), limits, ByteString.Empty, request.Reason, call).ConfigureAwait(false);
        else if (request.Limits is not null)
            throw Faults.Precondition("ACCOUNT_EXISTS", $"limits are given, but account '{target.Id}' exists already; leave them out, or change them with SetLimits.");
        return target;
    }

    public async Task<AccountTarget> FindAsync(string account, OperatorCall call)
    {
        if (!DirectoryRules.IsAccountId(account))
            throw Faults.Invalid($"account '{Shown(account)}' is not {DirectoryRules.AccountIdRule}; give the account's id.");
        return await catalog.FindAsync(account, call.Cancel).ConfigureAwait(false)
            ?? throw Faults.NotFound("account", account, "list accounts, or create it.");
    }

    public async Task<V1.AccountView> ViewAsync(AccountTarget target, OperatorCall call) =>
        Views.Of(await host.ReadAsync(target.Number, call.Cancel).ConfigureAwait(false), target.Id);

    /// <summary>The page size asked for, or the default.</summary>
    public static int PageSize(int asked) => asked switch
    {
        0 => DefaultPage,
        >= 1 and <= DirectoryRules.MaxPage => asked,
        _ => throw Faults.Invalid($"page_size is {asked}; give 1 to {DirectoryRules.MaxPage}, or 0 for {DefaultPage}."),
    };

    private static string Unit(string unit) => unit.Length == 0 ? AmountText.DefaultUnit : unit;

    private static string Shown(string text) => text.Length <= DirectoryRules.MaxAccountIdChars ? text : text[..DirectoryRules.MaxAccountIdChars] + "…";

    private async Task<AccountTarget> EnsureListedAsync(string account, string unit, OperatorCall call)
    {
        var id = account.Length == 0 ? names.Next(NameMaker.AccountPrefix) : account;
        if (!DirectoryRules.IsAccountId(id)) throw Faults.Invalid($"account '{Shown(id)}' is not {DirectoryRules.AccountIdRule}; choose such a name.");
        if (!DirectoryRules.IsUnit(Unit(unit))) throw Faults.Invalid($"unit '{Shown(unit)}' is not {DirectoryRules.UnitRule}; choose such a name.");
        var record = await directory.CreateAsync(new NewAccount(id, Unit(unit), NowMs()), call.Cancel).ConfigureAwait(false);
        if (unit.Length > 0 && record.Unit != unit)
            throw Faults.Precondition("ACCOUNT_EXISTS", $"account '{id}' exists with the unit {record.Unit}, not {unit}; leave the unit out, or choose another name.");
        return new AccountTarget(record.Number, record.Id);
    }

    private async Task OpenAsync(AccountTarget target, string unit, LimitSet limits, ByteString operationId, string reason, OperatorCall call)
    {
        var outcome = await ExecuteAsync(
            target, operationId, reason, call, new Command { Kind = CommandKind.Open, Unit = unit, Limits = limits }).ConfigureAwait(false);
        if (outcome.Refusal == Refusal.InvalidChange)
            throw new GrpcStatusException(GrpcStatus.AlreadyExists, $"account '{target.Id}' exists already; choose another id, or change its limits with SetLimits.");
    }

    private async Task<V1.ChangeResponse> ChangeAsync(string account, ByteString operationId, string reason, OperatorCall call, Command command)
    {
        var target = await FindAsync(account, call).ConfigureAwait(false);
        var outcome = await ExecuteAsync(target, operationId, reason, call, command).ConfigureAwait(false);
        if (outcome.Refusal == Refusal.InvalidChange) throw await InvalidChangeAsync(target, outcome, call).ConfigureAwait(false);
        return new V1.ChangeResponse
        {
            Outcome = Views.Of(outcome, target.Id),
            Account = await ViewAsync(target, call).ConfigureAwait(false),
        };
    }

    /// <summary>Why a change does not fit the account; the ledger knows amounts, and people read them in the account's unit.</summary>
    private async Task<GrpcStatusException> InvalidChangeAsync(AccountTarget target, Outcome outcome, OperatorCall call)
    {
        if (outcome.ShortBy == 0) return Faults.Precondition("INVALID_CHANGE", outcome.Limit + ".");
        var reading = await host.ReadAsync(target.Number, call.Cancel).ConfigureAwait(false);
        return Faults.Precondition("INVALID_CHANGE", $"{outcome.Limit}, by at least {AmountText.Format(outcome.ShortBy, reading.Unit)}.");
    }

    private async Task<Outcome> ExecuteAsync(AccountTarget target, ByteString operationId, string reason, OperatorCall call, Command command)
    {
        var given = EdgeRequests.Id(operationId, "operation_id");
        command = command with
        {
            OperationId = given.IsNone ? NewOperation() : given,
            Actor = call.Actor,
            Reason = EdgeRequests.NullIfEmpty(reason),
        };
        if (CommandForm.Problem(command) is { } problem) throw Faults.Invalid(problem);
        var outcome = await host.ExecuteAsync(target.Number, command, call.Cancel).ConfigureAwait(false);
        return Faults.Of(outcome) is { } fault ? throw fault : outcome;
    }

    private OperationId NewOperation()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return OperationId.NewV7(NowMs(), BitConverter.ToUInt64(random), BitConverter.ToUInt64(random[8..]));
    }

    private long NowMs() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
