using Enforcer.Client.Tests.Support;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Client.Tests;

/// <summary>Cancellation and deadlines: every call ends, and nothing stays held for nobody.</summary>
public sealed class DeadlineTests
{
    private static readonly AccountName Acme = new("acme");
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_call_without_an_answer_ends_at_its_deadline_and_what_it_reserved_is_released()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = Connect(server);
        var call = client.ReserveAsync(Acme, 1).AsTask();
        var session = await server.NextSessionAsync();
        var reserve = await session.NextAsync();
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        var failure = await Assert.ThrowsAsync<EnforcerException>(() => call.Within());
        Assert.Equal(GrpcStatus.DeadlineExceeded, failure.Code);
        Assert.True(failure.MayHaveTakenEffect);
        Assert.Contains("00:00:10 (Timeout)", failure.Message, StringComparison.Ordinal);

        await AssertReleasedAsync(session, reserve);
        Assert.Equal(0, await InFlightSettles(client, 0));
    }

    [Fact]
    public async Task A_cancelled_reserve_that_was_sent_is_released_and_the_stream_lives_on()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = Connect(server);
        using var cancel = new CancellationTokenSource();
        var call = client.ReserveAsync(Acme, 1, cancellationToken: cancel.Token).AsTask();
        var session = await server.NextSessionAsync();
        var reserve = await session.NextAsync();
        await cancel.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        await AssertReleasedAsync(session, reserve);

        var next = client.ReserveAsync(Acme, 1).AsTask();
        await session.GrantAsync(await session.NextAsync());
        Assert.True((await next.Within()).IsGranted);
    }

    [Fact]
    public async Task A_late_answer_to_a_call_that_was_given_up_reaches_nobody()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = Connect(server);
        using var cancel = new CancellationTokenSource();
        var call = client.ReserveAsync(Acme, 1, cancellationToken: cancel.Token).AsTask();
        var session = await server.NextSessionAsync();
        var reserve = await session.NextAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
        await session.GrantAsync(reserve);
        await AssertReleasedAsync(session, reserve);
        await session.GrantAsync(reserve);
        Assert.Equal(0, await InFlightSettles(client, 0));
    }

    [Fact]
    public async Task A_cancelled_reserve_that_was_never_sent_sends_nothing()
    {
        using var gone = new DeadAddress();
        await using var client = new EnforcerClient(FakeServer.OptionsFor(gone.Uri, options => options.TimeProvider = _clock));
        using var cancel = new CancellationTokenSource();
        var call = client.ReserveAsync(Acme, 1, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
        // No Release is left to wait for, so the time of one sweep is enough.
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(0, await InFlightSettles(client, 0));
        await client.DisposeAsync().AsTask().Within();
    }

    [Fact]
    public async Task A_cancelled_commit_still_arrives()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = Connect(server);
        var reserving = client.ReserveAsync(Acme, 10).AsTask();
        var session = await server.NextSessionAsync();
        await session.GrantAsync(await session.NextAsync());
        var reservation = await reserving.Within();

        using var cancel = new CancellationTokenSource();
        var commit = reservation.CommitAsync(7, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit.Within());
        var first = await session.NextAsync();
        Assert.Equal(7, first.Commit.AmountNanos);

        // Disposing asks once more, under the same id: the cost is booked once, and never released.
        var disposing = reservation.DisposeAsync().AsTask();
        var second = await session.NextAsync();
        Assert.Equal(first.Commit, second.Commit);
        await session.AnswerAsync(FakeSession.Grant(first), FakeSession.Grant(second));
        await disposing.Within();
        Assert.True(reservation.HasEnded);
    }

    [Fact]
    public async Task A_server_out_of_reach_is_named_with_its_address()
    {
        using var gone = new DeadAddress();
        await using var client = new EnforcerClient(FakeServer.OptionsFor(gone.Uri, options => options.Timeout = TimeSpan.FromMilliseconds(300)));
        var failure = await Assert.ThrowsAsync<EnforcerException>(() => client.ReserveAsync(Acme, 1).AsTask().Within());
        Assert.Equal(GrpcStatus.Unavailable, failure.Code);
        Assert.Contains(gone.Uri.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains("Check Endpoints", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.MayHaveTakenEffect);
    }

    [Fact]
    public async Task A_call_that_never_gets_its_turn_ends_at_its_deadline()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = Connect(server, options => options.MaxInFlight = 1);
        var first = client.ReserveAsync(Acme, 1).AsTask();
        var session = await server.NextSessionAsync();
        var command = await session.NextAsync();
        var second = client.ReserveAsync(Acme, 1).AsTask();
        await session.GrantAsync(command);
        await first.Within();
        var third = client.ReserveAsync(Acme, 1).AsTask();
        await session.GrantAsync(await session.NextAsync());
        await second.Within();
        await session.NextAsync();
        var fourth = client.ReserveAsync(Acme, 1).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(11));
        await Assert.ThrowsAsync<EnforcerException>(() => third.Within());
        var failure = await Assert.ThrowsAsync<EnforcerException>(() => fourth.Within());
        Assert.Contains("raise MaxInFlight", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.MayHaveTakenEffect);
        await session.GrantAsync(await session.NextAsync());
    }

    private EnforcerClient Connect(FakeServer server, Action<EnforcerClientOptions>? change = null) => server.Connect(options =>
    {
        options.TimeProvider = _clock;
        options.Timeout = TimeSpan.FromSeconds(10);
        change?.Invoke(options);
    });

    private static async Task AssertReleasedAsync(FakeSession session, Command reserve)
    {
        var release = await session.NextAsync();
        Assert.Equal(reserve.Reserve.OperationId, release.Release.ReservationId);
        Assert.Equal(reserve.Reserve.Account, release.Release.Account);
        Assert.NotEqual(reserve.Reserve.OperationId, release.Release.OperationId);
        await session.GrantAsync(release);
    }

    private static async Task<int> InFlightSettles(EnforcerClient client, int count)
    {
        await Patience.UntilAsync(() => client.Session.InFlight == count, $"{count} commands in flight");
        return client.Session.InFlight;
    }
}
