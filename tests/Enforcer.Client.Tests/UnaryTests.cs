using Enforcer.Client.Tests.Support;
using Enforcer.Grpc;

namespace Enforcer.Client.Tests;

/// <summary>Calls beside the session.</summary>
public sealed class UnaryTests
{
    private static readonly AccountName Acme = new("acme");

    [Fact]
    public async Task Get_asks_for_the_account_and_the_reservation()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = server.Connect();
        server.OnGet = (request, call) => new()
        {
            Account = new() { Account = request.Account.Account, Unit = call.Header("authorization")! },
            Reservation = new() { ReservationId = request.ReservationId },
        };
        var id = client.Session.Ids.Next();
        var answer = await client.GetAsync(Acme, id).Within();
        Assert.Equal(("acme", "Bearer enf_edge_test"), (answer.Account.Account, answer.Account.Unit));
        Assert.Equal(id, answer.Reservation.ReservationId.ToId());
    }

    [Fact]
    public async Task Unavailable_is_repeated_and_other_errors_are_not()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = server.Connect();
        var calls = 0;
        server.OnGet = (_, _) => ++calls < 3 ? throw new GrpcStatusException(GrpcStatus.Unavailable, "starting") : new();
        await client.GetAsync(Acme).Within();
        Assert.Equal(3, calls);

        server.OnGet = (_, _) => ++calls < 0 ? new() : throw new GrpcStatusException(GrpcStatus.NotFound, "no such account");
        var failure = await Assert.ThrowsAsync<EnforcerException>(() => client.GetAsync(Acme).Within());
        Assert.Equal((GrpcStatus.NotFound, 4), (failure.Code, calls));
        Assert.Contains("no such account", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_role_is_said_to_be_one()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = server.Connect();
        server.OnGet = (_, _) => throw new GrpcStatusException(GrpcStatus.PermissionDenied, "needs the role edge");
        var failure = await Assert.ThrowsAsync<EnforcerException>(() => client.GetAsync(Acme).Within());
        Assert.Equal(GrpcStatus.PermissionDenied, failure.Code);
        Assert.Contains("token's role", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_call_is_told_from_its_deadline()
    {
        await using var server = await FakeServer.StartAsync();
        var clock = new ManualClock();
        await using var client = server.Connect(options => (options.TimeProvider, options.Timeout) = (clock, TimeSpan.FromSeconds(10)));
        using var asked = new SemaphoreSlim(0);
        server.OnGet = (_, call) =>
        {
            asked.Release();
            call.CancellationToken.WaitHandle.WaitOne(Patience.Limit);
            return new();
        };
        using var cancel = new CancellationTokenSource();
        var cancelled = client.GetAsync(Acme, cancellationToken: cancel.Token);
        Assert.True(await asked.WaitAsync(Patience.Limit));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within());

        var late = client.GetAsync(Acme);
        Assert.True(await asked.WaitAsync(Patience.Limit));
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(GrpcStatus.DeadlineExceeded, (await Assert.ThrowsAsync<EnforcerException>(() => late.Within())).Code);
    }
}
