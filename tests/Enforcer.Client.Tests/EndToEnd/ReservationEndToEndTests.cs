using Enforcer.Client.Tests.Support;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Client.Tests.EndToEnd;

/// <summary>The life of a reservation, through the whole of SDK and server.</summary>
public sealed class ReservationEndToEndTests(RealServer server) : IClassFixture<RealServer>, IAsyncLifetime
{
    private readonly EnforcerClient _client = server.Connect();

    public Task InitializeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Reserved_extended_committed_in_parts_and_settled()
    {
        var key = await server.CreateKeyAsync(1_000);
        await using var reservation = await _client.ReserveAsync(key.Secret, 400, new() { Model = "gpt-5.5", Tag = "chat" }).Within();
        Assert.True(reservation.EnsureGranted().IsGranted);
        Assert.Equal((400, 600), (reservation.HeldNanos, reservation.HeadroomNanos));

        var expires = reservation.ExpiresAt;
        var extended = await reservation.ExtendAsync(100, ttl: TimeSpan.FromHours(1)).Within();
        Assert.Equal((500, 500), (extended.EnsureGranted().HeldNanos, extended.HeadroomNanos));
        Assert.True(reservation.ExpiresAt > expires.AddMinutes(30));

        var part = await reservation.CommitPartAsync(120).Within();
        Assert.Equal((120, 380, 500, false), (part.ChargedNanos, part.HeldNanos, part.HeadroomNanos, reservation.HasEnded));
        var open = (await _client.GetAsync(key.Secret, reservation.Id)).Reservation;
        Assert.Equal((ReservationStatus.Open, 380, 120, "gpt-5.5", "chat"), (open.Status, open.HeldNanos, open.CommittedNanos, open.Model, open.Tag));

        var settled = await reservation.CommitAsync(80).Within();
        Assert.Equal((80, 0, 800, true), (settled.ChargedNanos, settled.HeldNanos, settled.HeadroomNanos, reservation.HasEnded));
        var ended = (await _client.GetAsync(new AccountName(key.Key.Account), reservation.Id)).Reservation;
        Assert.Equal((ReservationStatus.Committed, 200), (ended.Status, ended.CommittedNanos));
    }

    [Fact]
    public async Task Released_returns_money_tokens_and_slot()
    {
        var limits = RealServer.Cap(1_000);
        (limits.Concurrency, limits.Tokens) = (1, new() { PerMinute = 50 });
        var key = await server.CreateKeyAsync(limits);
        await using var reservation = await _client.ReserveAsync(key.Secret, 1_000, new() { Tokens = 50 }).Within();
        Assert.Equal(50, reservation.HeldTokens);
        Assert.Equal(1_000, (await reservation.ReleaseAsync().Within()).EnsureGranted().HeadroomNanos);
        await using var next = await _client.ReserveAsync(key.Secret, 1_000, new() { Tokens = 50 }).Within();
        Assert.True(next.IsGranted, next.Refusal?.ToString());
    }

    [Theory]
    [InlineData(DisposePolicy.Charge, 400)]
    [InlineData(DisposePolicy.Release, 100)]
    public async Task Disposed_without_a_commit_is_charged_or_released(DisposePolicy policy, long committed)
    {
        var key = await server.CreateKeyAsync(1_000);
        await using (var reservation = await _client.ReserveAsync(key.Secret, 400, new() { OnDispose = policy }).Within())
            await reservation.CommitPartAsync(100).Within();
        var view = await server.ViewAsync(key);
        Assert.Equal((committed, 0, 0), (view.CommittedNanos, view.HeldNanos, view.OpenReservations));
    }

    [Fact]
    public async Task As_much_as_fits_is_held_where_less_is_acceptable()
    {
        var key = await server.CreateKeyAsync(300);
        await using var clamped = await _client.ReserveAsync(key.Secret, 1_000, new() { AtLeastNanos = 300 }).Within();
        Assert.Equal((300, 0), (clamped.EnsureGranted().HeldNanos, clamped.HeadroomNanos));
    }

    [Fact]
    public async Task A_cost_above_the_hold_is_booked_and_what_no_headroom_covers_is_overrun()
    {
        var key = await server.CreateKeyAsync(1_000);
        await using var reservation = await _client.ReserveAsync(key.Secret, 600).Within();
        var answer = await reservation.CommitAsync(1_250).Within();
        Assert.Equal((1_250, 250, -250), (answer.ChargedNanos, answer.OverrunNanos, answer.HeadroomNanos));
    }

    [Fact]
    public async Task A_late_commit_gives_back_what_expiry_charged_too_much()
    {
        var key = await server.CreateKeyAsync(1_000);
        await using var reservation = await _client.ReserveAsync(key.Secret, 400, new() { Ttl = TimeSpan.FromMilliseconds(1) }).Within();
        await Patience.UntilAsync(async () => (await server.ViewAsync(key)).CommittedNanos == 400, "the reservation expires");
        Assert.Equal(-250, (await reservation.CommitAsync(150).Within()).EnsureGranted().ChargedNanos);
        Assert.Equal(150, (await server.ViewAsync(key)).CommittedNanos);
    }

    [Fact]
    public async Task What_does_not_exist_is_an_error_to_a_reader_and_a_refusal_to_a_spender()
    {
        var unknown = new AccountName("nobody");
        Assert.Equal(Refusal.UnknownAccount, (await _client.ReserveAsync(unknown, 1).Within()).Refusal?.Reason);
        Assert.Equal(GrpcStatus.NotFound, (await Assert.ThrowsAsync<EnforcerException>(() => _client.GetAsync(unknown).Within())).Code);
        var key = await server.CreateKeyAsync(1);
        var failure = await Assert.ThrowsAsync<EnforcerException>(() => _client.GetAsync(key.Secret, Guid.CreateVersion7()).Within());
        Assert.Equal(GrpcStatus.NotFound, failure.Code);
    }

    public Task DisposeAsync() => _client.DisposeAsync().AsTask();
}
