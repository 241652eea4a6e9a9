using Enforcer.Client.Tests.Support;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Client.Tests.EndToEnd;

/// <summary>What operators do through the SDK, its streams included.</summary>
public sealed class OperatorEndToEndTests(RealServer server) : IClassFixture<RealServer>
{
    private readonly EnforcerOperator _operator = server.Operator;

    [Fact]
    public async Task An_account_from_its_making_to_its_closing()
    {
        var made = await _operator.CreateAccountAsync(new() { Account = "acme-life", Unit = "ACU", Limits = RealServer.Cap(100), Reason = "contract 1" });
        Assert.Equal(("acme-life", "ACU", 100), (made.Account, made.Unit, made.SpendLimits[0].Limit.CapNanos));
        var lowered = await _operator.SetLimitsAsync(new() { Account = made.Account, Limits = RealServer.Cap(50), Reason = "trial over" });
        Assert.Equal((Refusal.Granted, 50), (lowered.Outcome.Refusal, lowered.Account.SpendLimits[0].Limit.CapNanos));
        var raised = await _operator.TopUpAsync(new() { Account = made.Account, AmountNanos = 25 });
        Assert.Equal(75, raised.Account.SpendLimits[0].HeadroomNanos);
        var change = new ChangeRequest { Account = made.Account, Reason = "unpaid" };
        Assert.Equal(AccountStatus.AccountSuspended, (await _operator.SuspendAsync(change)).Account.Status);
        Assert.Equal(AccountStatus.Active, (await _operator.ResumeAsync(change)).Account.Status);
        Assert.Equal(AccountStatus.AccountClosed, (await _operator.CloseAsync(change)).Account.Status);
        Assert.True(change.OperationId.IsEmpty);
        Assert.Equal(raised.Account.SpendLimits, (await _operator.GetAccountAsync(new() { Account = made.Account })).SpendLimits);
    }

    [Fact]
    public async Task A_change_repeated_under_its_id_is_one_change()
    {
        var key = await server.CreateKeyAsync(100);
        var topUp = new TopUpRequest { OperationId = Guid.CreateVersion7().ToWire(), Account = key.Key.Account, AmountNanos = 11 };
        var first = await _operator.TopUpAsync(topUp);
        Assert.Equal(first.Outcome, (await _operator.TopUpAsync(topUp)).Outcome);
        Assert.Equal(111, (await server.ViewAsync(key)).SpendLimits[0].HeadroomNanos);
    }

    [Fact]
    public async Task Keys_and_tokens_are_listed_rotated_and_revoked_and_their_secrets_are_told_once()
    {
        var key = await server.CreateKeyAsync(100);
        var successor = await _operator.RotateKeyAsync(new() { KeyId = key.Key.KeyId, OverlapMs = 60_000 });
        await _operator.RevokeKeyAsync(new() { KeyId = key.Key.KeyId });
        var listed = await _operator.ListKeysAsync(new() { Account = key.Key.Account });
        Assert.Equal(new HashSet<string> { key.Key.KeyId, successor.Key.KeyId }, [.. listed.Keys.Select(view => view.KeyId)]);
        Assert.True((await _operator.GetKeyAsync(new() { KeyId = key.Key.KeyId })).RevokedAtMs > 0);
        Assert.DoesNotContain(successor.Secret, listed.ToString(), StringComparison.Ordinal);

        var token = await _operator.CreateTokenAsync(new() { Role = Role.Viewer, Label = "dashboard" });
        await _operator.RevokeTokenAsync(new() { TokenId = token.Token.TokenId });
        var tokens = await _operator.ListTokensAsync(new());
        Assert.True(tokens.Tokens.Single(view => view.TokenId == token.Token.TokenId).RevokedAtMs > 0);
        Assert.DoesNotContain(token.Secret, tokens.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_are_listed_page_by_page()
    {
        var made = new HashSet<string>();
        for (var i = 0; i < 5; i++)
            made.Add((await server.CreateKeyAsync(1)).Key.Account);
        var listed = new List<string>();
        var after = "";
        do
        {
            var page = await _operator.ListAccountsAsync(new() { PageSize = 2, After = after });
            Assert.InRange(page.Accounts.Count, after.Length == 0 ? 1 : 0, 2);
            listed.AddRange(page.Accounts.Select(account => account.Account));
            after = page.NextAfter;
        }
        while (after.Length > 0);
        Assert.Equal(listed.Distinct().Order(StringComparer.Ordinal), listed);
        Assert.Superset(made, listed.ToHashSet());
    }

    [Fact]
    public async Task The_ledger_streams_what_happened_and_can_be_left_at_any_entry()
    {
        var key = await server.CreateKeyAsync(1_000_000);
        await using var client = server.Connect();
        Guid last = default;
        for (var i = 1; i <= 50; i++)
        {
            await using var reservation = await client.ReserveAsync(key.Secret, 100, new() { Model = "gpt-5.5" }).Within();
            await reservation.CommitAsync(i).Within();
            last = reservation.Id;
        }

        var commits = new QueryLedgerRequest { Account = key.Key.Account, Kinds = { EntryKind.ReservationCommitted }, Ascending = true };
        Assert.Equal(Enumerable.Range(1, 50).Select(cost => (long)cost), (await ReadAsync(commits)).Select(entry => entry.CommittedChangeNanos));
        var one = await ReadAsync(new() { Account = key.Key.Account, ReservationId = last.ToWire() });
        Assert.Equal([EntryKind.ReservationCommitted, EntryKind.ReservationMade], one.Select(entry => entry.Kind));
        Assert.Equal((-100, 50), (one[0].HeldChangeNanos, one[0].CommittedChangeNanos));

        await foreach (var entry in _operator.QueryLedgerAsync(commits))
        {
            if (entry.CommittedChangeNanos == 3)
                break;
        }
        Assert.Equal(7, (await ReadAsync(new() { Account = key.Key.Account, Limit = 7 })).Count);
    }

    [Fact]
    public async Task Watching_tells_changes_until_it_is_cancelled()
    {
        var key = await server.CreateKeyAsync(1_000);
        await using var client = server.Connect();
        using var cancel = new CancellationTokenSource();
        await using var told = _operator.WatchAsync(new() { Accounts = { key.Key.Account }, IntervalMs = 50 }, cancel.Token).GetAsyncEnumerator();
        Assert.True(await told.MoveNextAsync().Within());
        Assert.Equal(0, Assert.Single(told.Current.Accounts).HeldNanos);
        await using var reservation = await client.ReserveAsync(key.Secret, 123).Within();
        Assert.True(await told.MoveNextAsync().Within());
        Assert.Equal(123, Assert.Single(told.Current.Accounts).HeldNanos);

        var next = told.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.Within());
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
    }

    [Fact]
    public async Task A_watch_ends_with_an_error_when_the_server_goes_and_begins_again_when_it_is_back()
    {
        var key = await server.CreateKeyAsync(1_000);
        var request = new WatchRequest { Accounts = { key.Key.Account }, IntervalMs = 50 };
        await using (var told = _operator.WatchAsync(request).GetAsyncEnumerator())
        {
            Assert.True(await told.MoveNextAsync().Within());
            var next = told.MoveNextAsync().AsTask();
            await server.StopAsync();
            Assert.Equal(GrpcStatus.Unavailable, (await Assert.ThrowsAsync<EnforcerException>(() => next.Within())).Code);
        }
        await server.StartAsync();
        await using var again = _operator.WatchAsync(request).GetAsyncEnumerator();
        Assert.True(await again.MoveNextAsync().Within());
    }

    [Fact]
    public async Task Roles_bound_what_a_token_can_do()
    {
        var key = await server.CreateKeyAsync(100);
        var topUp = new TopUpRequest { Account = key.Key.Account, AmountNanos = 1 };
        using var viewer = new EnforcerOperator(server.OptionsFor(await server.CreateTokenAsync(Role.Viewer)));
        Assert.Equal(key.Key.Account, (await viewer.GetAccountAsync(new() { Account = key.Key.Account })).Account);
        await AssertDeniedAsync(() => viewer.TopUpAsync(topUp));
        using var changer = new EnforcerOperator(server.OptionsFor(await server.CreateTokenAsync(Role.Operator)));
        Assert.Equal(101, (await changer.TopUpAsync(topUp)).Account.SpendLimits[0].HeadroomNanos);
        await AssertDeniedAsync(() => changer.CreateTokenAsync(new() { Role = Role.Edge }));
        using var edge = new EnforcerOperator(server.OptionsFor(server.EdgeToken));
        await AssertDeniedAsync(async () => await edge.QueryLedgerAsync(new() { Account = key.Key.Account }).GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task Mistakes_are_named()
    {
        var key = await server.CreateKeyAsync(100);
        var unknown = await Assert.ThrowsAsync<EnforcerException>(() => _operator.GetAccountAsync(new() { Account = "nobody" }));
        Assert.Equal(GrpcStatus.NotFound, unknown.Code);
        Assert.Contains("'nobody'", unknown.Message, StringComparison.Ordinal);
        var malformed = await Assert.ThrowsAsync<EnforcerException>(() => _operator.TopUpAsync(new() { Account = key.Key.Account, AmountNanos = -1 }));
        Assert.Equal(GrpcStatus.InvalidArgument, malformed.Code);
        Assert.Contains("amount_nanos", malformed.Message, StringComparison.Ordinal);
        Assert.False(malformed.MayHaveTakenEffect);
    }

    private static async Task AssertDeniedAsync(Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<EnforcerException>(call);
        Assert.Equal(GrpcStatus.PermissionDenied, failure.Code);
        Assert.Contains("token's role", failure.Message, StringComparison.Ordinal);
    }

    private async Task<List<LedgerEntry>> ReadAsync(QueryLedgerRequest query)
    {
        var entries = new List<LedgerEntry>();
        await foreach (var entry in _operator.QueryLedgerAsync(query))
            entries.Add(entry);
        return entries;
    }
}
