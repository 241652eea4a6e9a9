using Enforcer.Ledger;
using Enforcer.Ledger.Entries;

namespace Enforcer.Host.Tests;

/// <summary>Every operation takes effect at most once, wherever it is remembered: in the state, or only in history.</summary>
public sealed class RememberingTests
{
    [Fact]
    public async Task An_operation_that_the_state_has_forgotten_is_found_in_history()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 1_000_000);
        var first = test.Reserve(10);
        var answer = await test.Do(1, first);
        for (var i = 0; i < 100; i++)
        {
            var reserve = test.Reserve(10);
            await test.Do(1, reserve);
            await test.Do(1, test.Commit(reserve.OperationId, 10));
            test.Clock.Advance(7);
        }
        Assert.Equal(answer, await test.Do(1, first));
        Assert.Equal(Refusal.OperationConflict, (await test.Do(1, first with { AmountNanos = 11 })).Refusal);
        Assert.Equal(10, (await test.Host.ReadAsync(1)).HeldNanos);
    }

    [Fact]
    public async Task The_same_operation_sent_twice_at_once_takes_effect_once()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 1_000_000);
        for (var i = 0; i < 50; i++) await test.Do(1, test.Reserve(1));
        for (var round = 0; round < 20; round++)
        {
            var reserve = test.Reserve(1_000);
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => test.Do(1, reserve))));
            Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        }
        Assert.Equal(50 + (20 * 1_000), (await test.Host.ReadAsync(1)).HeldNanos);
    }

    [Fact]
    public async Task A_late_commit_finds_its_reservation_in_history_and_is_booked_once()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 1_000);
        var reserve = test.Reserve(100, ttlMs: 1_000);
        await test.Do(1, reserve);
        test.Clock.Advance(2_000);
        await TestHost.Eventually(async () => (await test.Host.ReadAsync(1)).OpenReservations == 0, "the reservation expired by itself");
        Assert.Equal(100, (await test.Host.ReadAsync(1)).CommittedNanos);
        test.Clock.Advance(3_600_000);

        var commit = test.Commit(reserve.OperationId, 30);
        var answer = await test.Do(1, commit);
        Assert.Equal(-70, answer.ChargedNanos);
        Assert.Equal(answer, await test.Do(1, commit));
        Assert.Equal(Refusal.ReservationFinished, (await test.Do(1, test.Commit(reserve.OperationId, 30))).Refusal);
        var reading = await test.Host.ReadAsync(1);
        Assert.Equal((30, 0), (reading.CommittedNanos, reading.HeldNanos));
        Assert.Equal(EntryKind.Expired, (await test.Host.ReadReservationAsync(1, reserve.OperationId))!.End);
    }

    [Fact]
    public async Task A_command_that_needs_history_does_not_stop_those_behind_it()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 1_000);
        var unknown = test.Commit(test.NewId(), 5);
        var parked = test.Host.Start(1, unknown);
        Assert.NotNull(parked.Pending);
        var next = test.Host.Start(1, test.Reserve(10));
        Assert.Null(next.Pending);
        Assert.True(next.Outcome.IsGranted);
        Assert.Equal(Refusal.UnknownReservation, (await parked.Pending).Outcome.Refusal);
    }

    [Fact]
    public async Task After_a_restart_new_operations_are_new_and_old_ones_are_known()
    {
        var journal = new Enforcer.Journal.Memory.MemoryJournal();
        var clock = new TestClock();
        var sent = new List<(Ledger.Commands.Command Command, Outcome Answer)>();
        await using (var before = await TestHost.StartAsync(journal, clock))
        {
            await before.OpenAsync(1, 1_000_000);
            for (var i = 0; i < 60; i++)
            {
                var reserve = before.Reserve(10);
                sent.Add((reserve, await before.Do(1, reserve)));
                clock.Advance(40);
            }
        }
        await using var after = await TestHost.StartAsync(journal, clock, seed: 99);
        Assert.True((await after.Do(1, after.Reserve(5))).IsGranted);
        foreach (var (command, answer) in sent) Assert.Equal(answer, await after.Do(1, command));
        Assert.Equal(605, (await after.Host.ReadAsync(1)).HeldNanos);
    }

    [Fact]
    public async Task A_commit_whose_reservation_expires_while_its_history_is_looked_up_is_told_when_it_is_booked()
    {
        var journal = new Enforcer.Journal.Memory.MemoryJournal();
        var clock = new TestClock();
        OperationId reservation;
        await using (var before = await TestHost.StartAsync(journal, clock))
        {
            await before.OpenAsync(1, 1_000);
            var reserve = before.Reserve(100);
            await before.Do(1, reserve);
            reservation = reserve.OperationId;
            for (var i = 0; i < 10; i++) await before.Do(1, before.Reserve(1));
        }
        await using var after = await TestHost.StartAsync(journal, clock, seed: 99);
        // The heads are complete, so that the first batch read is one of the history.
        after.Store.BeforeRead = () =>
        {
            after.Store.BeforeRead = null;
            clock.Advance(120_000);
        };
        var answer = await after.Do(1, after.Commit(reservation, 30));
        Assert.Equal((Refusal.Granted, -70), (answer.Refusal, answer.ChargedNanos));
        Assert.NotEqual(0, answer.Seq);
    }
}
