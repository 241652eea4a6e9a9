using Enforcer.Client.Tests.Support;
using Enforcer.Protocol.V1;

namespace Enforcer.Client.Tests.EndToEnd;

/// <summary>Every refusal an edge can meet, with what it says about itself.</summary>
public sealed class RefusalEndToEndTests(RealServer server) : IClassFixture<RealServer>, IAsyncLifetime
{
    private readonly EnforcerClient _client = server.Connect();

    public Task InitializeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Cap_exceeded_by_what_is_committed()
    {
        var key = await server.CreateKeyAsync(1_000);
        await SpendAsync(key, 900);
        var refusal = await RefusedAsync(key, 150);
        Assert.Equal((Refusal.ExceedsSpendCap, 50, 0, null), (refusal.Reason, refusal.ShortBy, refusal.InFlight, refusal.RetryAfter));
        Assert.Equal(("life", key.Key.Account), (refusal.Limit, refusal.Account));
    }

    [Fact]
    public async Task Cap_exceeded_only_by_what_is_in_flight()
    {
        var key = await server.CreateKeyAsync(1_000);
        await using var open = await _client.ReserveAsync(key.Secret, 900, new() { OnDispose = DisposePolicy.Release }).Within();
        var refusal = await RefusedAsync(key, 150);
        Assert.Equal((Refusal.ExceedsSpendCapInFlight, 50, 50), (refusal.Reason, refusal.ShortBy, refusal.InFlight));
        Assert.Equal(Refusal.ExceedsSpendCapInFlight, (await open.ExtendAsync(150).Within()).Refusal?.Reason);
        Assert.Equal(900, open.HeldNanos);
    }

    [Fact]
    public async Task Cap_of_a_day_for_some_models()
    {
        var limits = new Limits { Spend = { new SpendLimit { Window = SpendWindow.Day, CapNanos = 10, ModelPattern = "gpt-5.5*" } } };
        var key = await server.CreateKeyAsync(limits);
        var refusal = await RefusedAsync(key, 11, new() { Model = "gpt-5.5-mini" });
        Assert.Equal((Refusal.ExceedsSpendCap, "day gpt-5.5*"), (refusal.Reason, refusal.Limit));
        await using var other = await _client.ReserveAsync(key.Secret, 11, new() { Model = "o5" }).Within();
        Assert.True(other.IsGranted);
    }

    [Fact]
    public async Task Request_rate()
    {
        var key = await server.CreateKeyAsync(new Limits { Requests = new() { PerMinute = 1 } });
        await SpendAsync(key, 1);
        var refusal = await RefusedAsync(key, 1);
        Assert.Equal((Refusal.RequestRate, "requests", 1), (refusal.Reason, refusal.Limit, refusal.ShortBy));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Token_rate()
    {
        var key = await server.CreateKeyAsync(new Limits { Tokens = new() { PerMinute = 100 } });
        await SpendAsync(key, 1, tokens: 80);
        var refusal = await RefusedAsync(key, 1, new() { Tokens = 100 });
        Assert.Equal((Refusal.TokenRate, "tokens"), (refusal.Reason, refusal.Limit));
        Assert.InRange(refusal.ShortBy, 1, 80);
        Assert.NotNull(refusal.RetryAfter);
    }

    [Fact]
    public async Task Concurrency()
    {
        var key = await server.CreateKeyAsync(new Limits { Concurrency = 1 });
        await using var open = await _client.ReserveAsync(key.Secret, 1).Within();
        var refusal = await RefusedAsync(key, 1);
        Assert.Equal((Refusal.Concurrency, "concurrency", 1, 1), (refusal.Reason, refusal.Limit, refusal.ShortBy, refusal.InFlight));
        Assert.NotNull(refusal.RetryAfter);
    }

    [Fact]
    public async Task Overrun_until_the_cap_is_raised()
    {
        var key = await server.CreateKeyAsync(100);
        await using (var reservation = await _client.ReserveAsync(key.Secret, 100).Within())
            await reservation.CommitAsync(101).Within();
        Assert.Equal(Refusal.Overrun, (await RefusedAsync(key, 1)).Reason);
        await server.Operator.TopUpAsync(new() { Account = key.Key.Account, AmountNanos = 100, Reason = "invoice 7" });
        await SpendAsync(key, 99);
    }

    [Fact]
    public async Task Suspended_then_closed()
    {
        var key = await server.CreateKeyAsync(100);
        var change = new ChangeRequest { Account = key.Key.Account, Reason = "unpaid" };
        await server.Operator.SuspendAsync(change);
        Assert.Equal(Refusal.Suspended, (await RefusedAsync(key, 1)).Reason);
        await server.Operator.CloseAsync(change);
        Assert.Equal(Refusal.Closed, (await RefusedAsync(key, 1)).Reason);
    }

    [Fact]
    public async Task Unknown_and_revoked_keys_are_refused_in_the_same_words()
    {
        var key = await server.CreateKeyAsync(100);
        await server.Operator.RevokeKeyAsync(new() { KeyId = key.Key.KeyId });
        var revoked = await RefusedAsync(key, 1);
        await using var never = await _client.ReserveAsync("enf_live_0000000000000000000000000000000000000000", 1).Within();
        Assert.Equal((Refusal.UnknownAccount, revoked.Message), (never.Refusal!.Reason, never.Refusal.Message));
        Assert.Equal(Refusal.UnknownAccount, revoked.Reason);
    }

    [Fact]
    public async Task A_reservation_ends_once()
    {
        var key = await server.CreateKeyAsync(100);
        await using var reservation = await _client.ReserveAsync(key.Secret, 10).Within();
        await reservation.CommitAsync(4).Within();
        Assert.Equal(Refusal.ReservationFinished, (await reservation.CommitAsync(5).Within()).Refusal?.Reason);
        Assert.Equal(Refusal.ReservationFinished, (await reservation.ReleaseAsync().Within()).Refusal?.Reason);
        Assert.Equal(4, (await server.ViewAsync(key)).CommittedNanos);
    }

    [Fact]
    public async Task Operation_ids_that_cannot_be_right()
    {
        var account = new AccountName((await server.CreateKeyAsync(100)).Key.Account);
        var now = DateTimeOffset.UtcNow;
        var used = Guid.CreateVersion7();
        Assert.Equal(
            [Refusal.Granted, Refusal.OperationConflict, Refusal.ExpiredOperation, Refusal.FutureOperation, Refusal.UnknownReservation],
            await AnswersAsync(
                Reserve(used, 1),
                Reserve(used, 2),
                Reserve(Guid.CreateVersion7(now.AddDays(-2)), 1),
                Reserve(Guid.CreateVersion7(now.AddDays(1)), 1),
                new() { Kind = SessionCommandKind.Release, OperationId = Guid.CreateVersion7(), Account = account, ReservationId = Guid.CreateVersion7() }));

        SessionCommand Reserve(Guid id, long amount) => new() { Kind = SessionCommandKind.Reserve, OperationId = id, Account = account, AmountNanos = amount };
    }

    public Task DisposeAsync() => _client.DisposeAsync().AsTask();

    private async Task<SpendRefusal> RefusedAsync(CreateKeyResponse key, long amountNanos, ReserveOptions? options = null)
    {
        await using var reservation = await _client.ReserveAsync(key.Secret, amountNanos, options).Within();
        Assert.False(reservation.IsGranted);
        Assert.NotEqual("", reservation.Refusal.Message);
        return reservation.Refusal;
    }

    private async Task SpendAsync(CreateKeyResponse key, long amountNanos, long tokens = 0)
    {
        await using var reservation = await _client.ReserveAsync(key.Secret, amountNanos, new() { Tokens = tokens }).Within();
        (await reservation.EnsureGranted().CommitAsync(amountNanos, tokens).Within()).EnsureGranted();
    }

    private async Task<IEnumerable<Refusal>> AnswersAsync(params SessionCommand[] commands)
    {
        var recorder = new Recorder();
        await _client.Session.SendAsync(commands.Select((command, mark) => command with { Mark = mark }).ToArray(), recorder);
        await Patience.UntilAsync(() => recorder.Count == commands.Length, "all answers");
        return recorder.Outcomes.OrderBy(outcome => outcome.Key).Select(outcome => outcome.Value.Refusal);
    }
}
