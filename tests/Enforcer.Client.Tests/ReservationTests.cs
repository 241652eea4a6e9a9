using Enforcer.Client.Tests.Support;
using Enforcer.Protocol.V1;

namespace Enforcer.Client.Tests;

/// <summary>The life of a reservation as its holder sees it.</summary>
public sealed class ReservationTests
{
    private static readonly AccountName Acme = new("acme");

    [Fact]
    public async Task A_refusal_is_an_answer_with_all_its_particulars()
    {
        await using var server = await FakeServer.StartAsync(command => new()
        {
            Number = command.Number,
            Refusal = Refusal.RequestRate,
            Detail = new() { Account = "acme", Limit = "requests", ShortBy = 1, InFlight = 0, RetryAfterMs = 250, Message = "one request too many" },
        });
        await using var client = server.Connect();
        var reservation = await client.ReserveAsync(Acme, 1).Within();
        Assert.False(reservation.IsGranted);
        Assert.Equal(("acme", "requests", 1L), (reservation.Refusal.Account, reservation.Refusal.Limit, reservation.Refusal.ShortBy));
        Assert.Equal(TimeSpan.FromMilliseconds(250), reservation.Refusal.RetryAfter);
        var thrown = Assert.Throws<SpendRefusedException>(() => reservation.EnsureGranted());
        Assert.Equal("RequestRate: one request too many", thrown.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reservation.CommitAsync(1));
        await reservation.DisposeAsync();
        Assert.Equal(1, (await server.NextSessionAsync()).BatchSizes.Sum());
    }

    [Theory]
    [InlineData(DisposePolicy.Charge)]
    [InlineData(DisposePolicy.Release)]
    public async Task Disposing_an_open_reservation_charges_or_releases_it(DisposePolicy policy)
    {
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var client = server.Connect(options => options.OnDispose = policy);
        Guid id;
        await using (var reservation = await client.ReserveAsync(Acme, 100, new() { Tokens = 8 }).Within())
            id = reservation.Id;
        var end = (await (await server.NextSessionAsync()).NextAsync(2))[1];
        if (policy == DisposePolicy.Charge)
            Assert.Equal((id.ToWire(), 100, 8, true), (end.Commit.ReservationId, end.Commit.AmountNanos, end.Commit.Tokens, end.Commit.Final));
        else
            Assert.Equal(id.ToWire(), end.Release.ReservationId);
    }

    [Fact]
    public async Task A_reservation_may_have_its_own_policy()
    {
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var client = server.Connect();
        await (await client.ReserveAsync(Acme, 1, new() { OnDispose = DisposePolicy.Release }).Within()).DisposeAsync();
        Assert.NotNull((await (await server.NextSessionAsync()).NextAsync(2))[1].Release);
    }

    [Fact]
    public async Task Disposing_charges_what_is_still_held_after_partial_commits()
    {
        await using var server = await FakeServer.StartAsync(command => command.Commit is { Final: false }
            ? new() { Number = command.Number, HeldNanos = 60, ChargedNanos = 40 }
            : FakeSession.Grant(command));
        await using var client = server.Connect();
        await using (var reservation = await client.ReserveAsync(Acme, 100).Within())
        {
            var part = await reservation.CommitPartAsync(40, 3).Within();
            Assert.Equal((40, 60), (part.ChargedNanos, part.HeldNanos));
            Assert.False(reservation.HasEnded);
        }
        var commands = await (await server.NextSessionAsync()).NextAsync(3);
        Assert.Equal((40, 3, false), (commands[1].Commit.AmountNanos, commands[1].Commit.Tokens, commands[1].Commit.Final));
        Assert.Equal((60, true), (commands[2].Commit.AmountNanos, commands[2].Commit.Final));
    }

    [Fact]
    public async Task A_settled_reservation_is_left_alone()
    {
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var client = server.Connect();
        await using (var reservation = await client.ReserveAsync(Acme, 100).Within())
            Assert.Equal(70, (await reservation.CommitAsync(70, 5).Within()).EnsureGranted().ChargedNanos);
        await using (var reservation = await client.ReserveAsync(Acme, 100).Within())
            await reservation.ReleaseAsync().Within();
        await client.DisposeAsync();
        Assert.Equal(4, (await server.NextSessionAsync()).BatchSizes.Sum());
    }

    [Fact]
    public async Task Extending_asks_for_more_and_a_refusal_changes_nothing()
    {
        await using var server = await FakeServer.StartAsync(command => command.Extend is { AmountNanos: > 50 }
            ? FakeSession.Refuse(command, Refusal.ExceedsSpendCap)
            : new() { Number = command.Number, HeldNanos = command.Extend is null ? 100 : 150 });
        await using var client = server.Connect();
        var reservation = await client.ReserveAsync(Acme, 100).Within();
        Assert.True((await reservation.ExtendAsync(50, 6, TimeSpan.FromSeconds(2)).Within()).IsGranted);
        Assert.Equal(150, reservation.HeldNanos);
        Assert.Equal(Refusal.ExceedsSpendCap, (await reservation.ExtendAsync(51).Within()).Refusal!.Reason);
        Assert.Equal(150, reservation.HeldNanos);
        var sent = (await (await server.NextSessionAsync()).NextAsync(2))[1].Extend;
        Assert.Equal((50, 6, 2_000), (sent.AmountNanos, sent.Tokens, sent.TtlMs));
        await reservation.ReleaseAsync().Within();
    }

    [Fact]
    public async Task A_call_that_failed_is_repeated_under_its_id_and_another_one_is_not()
    {
        var down = true;
        await using var server = await FakeServer.StartAsync(command => down && command.Commit is not null
            ? FakeSession.Refuse(command, Refusal.Unavailable)
            : FakeSession.Grant(command));
        await using var client = server.Connect(options => options.MaxRetries = 0);
        var reservation = await client.ReserveAsync(Acme, 100).Within();
        await Assert.ThrowsAsync<EnforcerException>(() => reservation.CommitAsync(7).AsTask().Within());
        await Assert.ThrowsAsync<EnforcerException>(() => reservation.CommitAsync(7).AsTask().Within());
        await Assert.ThrowsAsync<EnforcerException>(() => reservation.CommitAsync(8).AsTask().Within());
        down = false;
        await reservation.CommitAsync(8).Within();
        var ids = (await (await server.NextSessionAsync()).NextAsync(5)).Skip(1).Select(command => command.Commit.OperationId).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[1], ids[2]);
        Assert.Equal(ids[2], ids[3]);
    }

    [Fact]
    public async Task Disposing_never_throws_and_never_releases_what_may_be_committed()
    {
        await using var server = await FakeServer.StartAsync(command => command.Commit is null
            ? FakeSession.Grant(command)
            : FakeSession.Refuse(command, Refusal.Unavailable));
        await using var client = server.Connect(options => (options.MaxRetries, options.OnDispose) = (0, DisposePolicy.Release));
        var reservation = await client.ReserveAsync(Acme, 100).Within();
        await Assert.ThrowsAsync<EnforcerException>(() => reservation.CommitAsync(7).AsTask().Within());
        await reservation.DisposeAsync();
        var commands = await (await server.NextSessionAsync()).NextAsync(3);
        Assert.Equal(commands[1].Commit, commands[2].Commit);
    }
}
