using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>The promises of the product, seen from outside: SDK and operator against a whole server.</summary>
public sealed class EndToEndTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Key_revoked_is_refused_at_once()
    {
        var key = await _server.CreateKeyAsync();
        await using (var before = await _server.Client.ReserveAsync(key.Secret, 1)) Assert.True(before.IsGranted);
        var revoked = await _server.Operator.RevokeKeyAsync(new RevokeKeyRequest { KeyId = key.Key.KeyId });
        Assert.True(revoked.RevokedAtMs > 0);
        Assert.Equal(Refusal.UnknownAccount, await RefusalOf(key.Secret));
        Assert.Equal(Refusal.UnknownAccount, (await _server.Edge.UnaryAsync(EdgeCalls.Reserve, EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 1))).Refusal);
    }

    [Fact]
    public async Task Rotated_key_works_beside_its_successor_until_the_overlap_ends()
    {
        var key = await _server.CreateKeyAsync();
        var successor = await _server.Operator.RotateKeyAsync(new RotateKeyRequest { KeyId = key.Key.KeyId, OverlapMs = 60_000 });
        Assert.Equal(key.Key.Account, successor.Key.Account);
        Assert.NotEqual(key.Secret, successor.Secret);
        Assert.Equal(Refusal.Granted, await RefusalOf(key.Secret));
        Assert.Equal(Refusal.Granted, await RefusalOf(successor.Secret));

        var last = await _server.Operator.RotateKeyAsync(new RotateKeyRequest { KeyId = successor.Key.KeyId, OverlapMs = 1 });
        await UntilAsync(async () => await RefusalOf(successor.Secret) == Refusal.UnknownAccount);
        Assert.Equal(Refusal.Granted, await RefusalOf(last.Secret));
    }

    [Fact]
    public async Task Suspended_account_settles_but_grants_nothing_and_resumes()
    {
        var key = await _server.CreateKeyAsync();
        var change = new ChangeRequest { Account = key.Key.Account, Reason = "unpaid" };
        await using var open = await _server.Client.ReserveAsync(key.Secret, 100);

        var suspended = await _server.Operator.SuspendAsync(new ChangeRequest(change));
        Assert.Equal(AccountStatus.AccountSuspended, suspended.Account.Status);
        Assert.Equal(Refusal.Suspended, await RefusalOf(key.Secret));
        Assert.Equal(40, (await open.CommitAsync(40)).ChargedNanos);

        await _server.Operator.ResumeAsync(new ChangeRequest(change));
        Assert.Equal(Refusal.Granted, await RefusalOf(key.Secret));

        var closed = await _server.Operator.CloseAsync(new ChangeRequest(change));
        Assert.Equal(AccountStatus.AccountClosed, closed.Account.Status);
        Assert.Equal(Refusal.Closed, await RefusalOf(key.Secret));
        Assert.Equal(Refusal.Closed, (await _server.Operator.ResumeAsync(new ChangeRequest(change))).Outcome.Refusal);
    }

    [Fact]
    public async Task Ledger_sums_to_the_balances_and_names_actor_and_reason()
    {
        var key = await _server.CreateKeyAsync(1_000);
        await using (var partial = await _server.Client.ReserveAsync(key.Secret, 500))
        {
            await partial.CommitPartAsync(100);
            await partial.CommitAsync(50);
        }
        await using (var released = await _server.Client.ReserveAsync(key.Secret, 300)) await released.ReleaseAsync();
        await using (var overrun = await _server.Client.ReserveAsync(key.Secret, 300)) Assert.Equal(450, (await overrun.CommitAsync(1_300)).OverrunNanos);
        await _server.Operator.TopUpAsync(new TopUpRequest { Account = key.Key.Account, AmountNanos = 5_000, Reason = "invoice 7" });
        await using var open = await _server.Client.ReserveAsync(key.Secret, 70);

        var view = await ViewAsync(key.Key.Account);
        var entries = await LedgerAsync(new QueryLedgerRequest { Account = key.Key.Account });
        Assert.Equal((1_450, 70), (view.CommittedNanos, view.HeldNanos));
        Assert.Equal(view.CommittedNanos, entries.Sum(entry => entry.CommittedChangeNanos));
        Assert.Equal(view.HeldNanos, entries.Sum(entry => entry.HeldChangeNanos));
        Assert.Equal(Enumerable.Range(1, (int)view.Seq).Reverse().Select(seq => (long)seq), entries.Select(entry => entry.Seq));

        var toppedUp = Assert.Single(await LedgerAsync(new QueryLedgerRequest { Account = key.Key.Account, Kinds = { EntryKind.ToppedUp } }));
        Assert.Equal("invoice 7", toppedUp.Reason);
        Assert.NotEqual("", toppedUp.Actor);
        var oldest = await LedgerAsync(new QueryLedgerRequest { Account = key.Key.Account, Ascending = true, Limit = 2 });
        Assert.Equal([EntryKind.AccountOpened, EntryKind.LimitsSet], oldest.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task An_operation_is_found_at_once_without_its_account()
    {
        var key = await _server.CreateKeyAsync();
        var reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 123);
        var commit = EdgeCalls.CommitOf(reserve, 100);
        await _server.Edge.UnaryAsync(EdgeCalls.Reserve, reserve);
        await _server.Edge.UnaryAsync(EdgeCalls.Commit, commit);

        var found = await _server.Operator.FindOperationAsync(new FindOperationRequest { OperationId = commit.OperationId });
        Assert.Equal((key.Key.Account, EntryKind.ReservationCommitted, 100), (found.Account, found.Kind, found.CommittedChangeNanos));
        Assert.Equal(reserve.OperationId, found.ReservationId);
        // The reservation has the id of its Reserve, but only the Reserve is that operation.
        found = await _server.Operator.FindOperationAsync(new FindOperationRequest { OperationId = reserve.OperationId });
        Assert.Equal(EntryKind.ReservationMade, found.Kind);

        var unknown = await Assert.ThrowsAsync<EnforcerException>(
            () => _server.Operator.FindOperationAsync(new FindOperationRequest { OperationId = EdgeCalls.NewId() }));
        Assert.Equal(GrpcStatus.NotFound, unknown.Code);
        var missing = await Assert.ThrowsAsync<EnforcerException>(() => _server.Operator.FindOperationAsync(new FindOperationRequest()));
        Assert.Equal(GrpcStatus.InvalidArgument, missing.Code);
    }

    [Fact]
    public async Task Watch_tells_a_change()
    {
        var key = await _server.CreateKeyAsync();
        using var patience = new CancellationTokenSource(Patience.Limit);
        var watch = _server.Operator.WatchAsync(new WatchRequest { Accounts = { key.Key.Account }, IntervalMs = 50 }, patience.Token);
        await using var told = watch.GetAsyncEnumerator(patience.Token);
        Assert.True(await told.MoveNextAsync());
        Assert.Equal(0, Assert.Single(told.Current.Accounts).HeldNanos);

        await using var reservation = await _server.Client.ReserveAsync(key.Secret, 123);
        Assert.True(await told.MoveNextAsync());
        Assert.Equal((key.Key.Account, 123), (told.Current.Accounts[0].Account, told.Current.Accounts[0].HeldNanos));
    }

    [Fact]
    public async Task Watched_account_leaves_memory_and_is_told_when_it_changes_again()
    {
        await using var server = await TestServer.StartAsync(options => options.IdleMs = 1_000);
        var key = await server.CreateKeyAsync();
        using var patience = new CancellationTokenSource(Patience.Limit);
        var watch = server.Operator.WatchAsync(new WatchRequest { Accounts = { key.Key.Account }, IntervalMs = 50 }, patience.Token);
        await using var told = watch.GetAsyncEnumerator(patience.Token);
        Assert.True(await told.MoveNextAsync());
        await UntilAsync(async () => (await server.Http.GetStringAsync("/metrics", patience.Token)).Contains("enforcer_accounts_active 0", StringComparison.Ordinal));

        await using var reservation = await server.Client.ReserveAsync(key.Secret, 123);
        Assert.True(await told.MoveNextAsync());
        Assert.Equal(123, told.Current.Accounts[0].HeldNanos);
    }

    [Fact]
    public async Task Reverse_gives_back_what_was_committed_and_no_more()
    {
        var key = await _server.CreateKeyAsync();
        await using var reservation = await _server.Client.ReserveAsync(key.Secret, 100);
        await reservation.CommitAsync(80);
        var reverse = new ReverseRequest
        {
            Account = key.Key.Account,
            ReservationId = Google.Protobuf.ByteString.CopyFrom(reservation.Id.ToByteArray(bigEndian: true)),
            AmountNanos = 30,
            Reason = "upstream failed",
        };
        Assert.Equal(50, (await _server.Operator.ReverseAsync(new ReverseRequest(reverse))).Account.CommittedNanos);
        reverse.AmountNanos = 51;
        Assert.Equal(Refusal.ExceedsCommitted, (await _server.Operator.ReverseAsync(new ReverseRequest(reverse))).Outcome.Refusal);
        Assert.Equal(50, (await ViewAsync(key.Key.Account)).CommittedNanos);
    }

    private async Task<Refusal> RefusalOf(string secret)
    {
        await using var reservation = await _server.Client.ReserveAsync(secret, 1, new ReserveOptions { OnDispose = DisposePolicy.Release });
        return reservation.Refusal?.Reason ?? Refusal.Granted;
    }

    private Task<AccountView> ViewAsync(string account) => _server.Operator.GetAccountAsync(new GetAccountRequest { Account = account });

    private async Task<List<LedgerEntry>> LedgerAsync(QueryLedgerRequest query)
    {
        var entries = new List<LedgerEntry>();
        await foreach (var entry in _server.Operator.QueryLedgerAsync(query)) entries.Add(entry);
        return entries;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (!await isSo()) await Task.Delay(10, patience.Token);
    }
}
