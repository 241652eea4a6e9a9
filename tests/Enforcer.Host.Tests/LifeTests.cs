using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Limits;

namespace Enforcer.Host.Tests;

/// <summary>What goes on besides commands: expiry, heads, leaving memory and coming back.</summary>
public sealed class LifeTests
{
    [Fact]
    public async Task Sixty_four_callers_hold_a_cap_to_the_nano()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 1_003);
        var granted = 0L;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                var reserve = new Ledger.Commands.Command
                {
                    Kind = Ledger.Commands.CommandKind.Reserve,
                    OperationId = OperationId.NewV7(test.Clock.NowMs, (ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64()),
                    AmountNanos = 7,
                };
                if ((await test.Do(1, reserve)).IsGranted) Interlocked.Add(ref granted, 7);
            }
        })));
        Assert.Equal(1_001, granted);
        Assert.Equal(1_001, (await test.Host.ReadAsync(1)).HeldNanos);
    }

    [Theory]
    [InlineData(ExpiryPolicy.Charge, 40, 0)]
    [InlineData(ExpiryPolicy.Release, 0, 0)]
    public async Task A_reservation_ends_by_itself_though_nobody_uses_the_account(ExpiryPolicy policy, long committed, long held)
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 100, policy);
        await test.Do(1, test.Reserve(40, ttlMs: 500));
        test.Clock.Advance(501);
        await TestHost.Eventually(async () => (await test.Host.ReadAsync(1)).OpenReservations == 0, "the reservation expired");
        var reading = await test.Host.ReadAsync(1);
        Assert.Equal((committed, held), (reading.CommittedNanos, reading.HeldNanos));
    }

    [Fact]
    public async Task Any_number_of_reservations_ends_by_itself()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 1_000);
        for (var i = 0; i < 1_000; i++) await test.Do(1, test.Reserve(1, ttlMs: 60_000));
        test.Clock.Advance(60_001);
        await TestHost.Eventually(async () => (await test.Host.ReadAsync(1)).OpenReservations == 0, "all reservations expired");
        Assert.Equal(1_000, (await test.Host.ReadAsync(1)).CommittedNanos);
    }

    [Fact]
    public async Task What_is_due_waits_for_a_journal_that_takes_nothing_and_holds_nobody_up()
    {
        var journal = new Enforcer.Journal.Memory.MemoryJournal();
        var clock = new TestClock();
        var full = new Enforcer.Journal.JournalUnavailableException("full");
        var test = await TestHost.StartAsync(journal, clock);
        await test.OpenAsync(1, 1_000);
        await test.Do(1, test.Reserve(1, ttlMs: 60_000));
        test.Store.HeadsFailure = full;
        test.Store.BeforeAppend = _ => new ValueTask<Enforcer.Journal.AppendResult?>(Enforcer.Journal.AppendResult.Full(full));
        await test.OpenAsync(2, 1_000).ContinueWith(static _ => { }, TaskScheduler.Default);
        clock.Advance(60_001);
        await Task.Delay(50);
        await test.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        await using var after = await TestHost.StartAsync(journal, clock, seed: 5);
        await TestHost.Eventually(
            async () =>
            {
                clock.Advance(100);
                return (await after.Host.ReadAsync(1)).OpenReservations == 0;
            },
            "the reservation expired");
        Assert.Equal(1, (await after.Host.ReadAsync(1)).CommittedNanos);
    }

    [Fact]
    public async Task An_idle_account_leaves_memory_and_its_reservation_still_ends_by_itself()
    {
        await using var test = await TestHost.StartAsync(options: new HostOptions { ExpiryTickMs = 5, HeadsIntervalMs = 10, IdleMs = 1_000 });
        await test.OpenAsync(1, 100);
        await test.Do(1, test.Reserve(40, ttlMs: 3_600_000));
        test.Clock.Advance(60_000);
        await TestHost.Eventually(() => Task.FromResult(test.Host.ActiveAccounts == 0), "the account left memory");

        test.Clock.Advance(3_600_000);
        await TestHost.Eventually(
            async () =>
            {
                await foreach (var entry in test.Reader.WalkBackAsync(1)) return entry.Kind == Ledger.Entries.EntryKind.Expired;
                return false;
            },
            "its reservation expired in the journal");
        Assert.Equal(40, (await test.Host.ReadAsync(1)).CommittedNanos);
    }

    [Fact]
    public async Task Reading_keeps_no_account_in_memory()
    {
        await using var test = await TestHost.StartAsync(options: new HostOptions { ExpiryTickMs = 5, HeadsIntervalMs = 10, IdleMs = 1_000 });
        await test.OpenAsync(1, 100);
        await TestHost.Eventually(
            async () =>
            {
                test.Clock.Advance(100);
                var isActive = test.Host.MayBeActive(1);
                if (isActive) await test.Host.ReadAsync(1);
                return !isActive;
            },
            "the account left memory although it was read all the time");
        Assert.Equal(AccountStatus.Active, (await test.Host.ReadAsync(1)).Status);
    }

    [Fact]
    public async Task Heads_catch_up_and_a_successor_completes_what_was_left_behind()
    {
        var journal = new Enforcer.Journal.Memory.MemoryJournal();
        var clock = new TestClock();
        var before = await TestHost.StartAsync(journal, clock, new HostOptions { HeadsIntervalMs = 3_600_000, ExpiryTickMs = 5 });
        for (var account = 1; account <= 20; account++)
        {
            await before.OpenAsync(account, 100);
            await before.Do(account, before.Reserve(40, ttlMs: 3_600_000));
        }
        Assert.Equal(20, before.Journal.Heads.Lagging);
        before.Kill();

        await using var after = await TestHost.StartAsync(journal, clock, seed: 5);
        await TestHost.Eventually(
            () =>
            {
                clock.Advance(100);
                return Task.FromResult(after.Journal.Heads.Lagging == 0);
            },
            "all heads were completed");
        for (var account = 1; account <= 20; account++) Assert.Equal(40, (await after.Host.ReadAsync(account)).HeldNanos);
        await before.DisposeAsync();
    }

    /// <summary>A process that is killed again and again before heads are due must not leave more each time.</summary>
    [Fact]
    public async Task What_was_left_behind_is_completed_at_once_and_what_is_new_when_it_is_due()
    {
        var journal = new Enforcer.Journal.Memory.MemoryJournal();
        var clock = new TestClock();
        var options = new HostOptions { HeadsIntervalMs = 3_600_000, ExpiryTickMs = 5 };
        var before = await TestHost.StartAsync(journal, clock, options);
        for (var account = 1; account <= 20; account++) await before.OpenAsync(account, 100);
        before.Kill();

        await using var after = await TestHost.StartAsync(journal, clock, options, seed: 5);
        await TestHost.Eventually(() => Task.FromResult(after.Journal.Heads.Lagging == 0), "what was left behind was completed");
        await after.Do(7, after.Reserve(40));
        await Task.Delay(20 * 5);
        Assert.Equal(1, after.Journal.Heads.Lagging);
        await before.DisposeAsync();
    }

    [Fact]
    public async Task A_memory_that_was_left_and_read_again_is_the_same_to_the_byte()
    {
        await using var test = await TestHost.StartAsync(options: new HostOptions { ExpiryTickMs = 5, HeadsIntervalMs = 10, IdleMs = 1_000 });
        await test.OpenAsync(1, 1_000, requests: new RateLimit(600, 60));
        var open = test.Reserve(40, ttlMs: 7_200_000);
        await test.Do(1, open);
        for (var i = 0; i < 30; i++)
        {
            var reserve = test.Reserve(10);
            await test.Do(1, reserve);
            await test.Do(1, i % 3 == 0 ? test.Release(reserve.OperationId) : test.Commit(reserve.OperationId, i % 10));
        }
        var before = await test.Host.ReadAsync(1);
        test.Clock.Advance(60_000);
        await TestHost.Eventually(() => Task.FromResult(test.Host.ActiveAccounts == 0), "the account left memory");
        var after = await test.Host.ReadAsync(1);
        Assert.Equal(before.Spend, after.Spend);
        Assert.Equal(before with { Spend = [], RequestsAvailable = 0 }, after with { Spend = [], RequestsAvailable = 0 });
        Assert.Equal(60, after.RequestsAvailable);
    }

    [Fact]
    public async Task An_account_that_was_never_opened_is_unknown_and_stays_so()
    {
        await using var test = await TestHost.StartAsync();
        Assert.Equal(Refusal.UnknownAccount, (await test.Do(9, test.Reserve(1))).Refusal);
        Assert.Equal(AccountStatus.None, (await test.Host.ReadAsync(9)).Status);
    }

    [Fact]
    public async Task Too_many_commands_waiting_for_one_account_are_refused_as_busy()
    {
        await using var test = await TestHost.StartAsync(options: new HostOptions { MaxParkedPerAccount = 4 });
        await test.OpenAsync(1, 100);
        var waiting = Enumerable.Range(0, 50).Select(_ => test.Host.Start(1, test.Commit(test.NewId(), 1))).ToArray();
        Assert.Contains(waiting, execution => execution.Pending is null && execution.Outcome.Refusal == Refusal.Busy);
        foreach (var execution in waiting)
        {
            if (execution.Pending is { } pending) Assert.Equal(Refusal.UnknownReservation, (await pending).Outcome.Refusal);
        }
    }

    [Fact]
    public async Task Heads_catch_up_after_a_loss_though_nobody_uses_the_account()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 100);
        test.Store.HeadsFailure = new JournalUnavailableException("heads fail");
        await test.Do(1, test.Reserve(1));
        // The next batch of another account fails, and with it all that stands on later ones.
        await test.OpenAsync(2, 100);
        test.Store.BeforeAppend = _ =>
        {
            test.Store.BeforeAppend = null;
            return new ValueTask<AppendResult?>(AppendResult.Unknown(new IOException("lost")));
        };
        await Assert.ThrowsAsync<JournalLostException>(() => test.Do(1, test.Reserve(1)));
        test.Store.HeadsFailure = null;
        await TestHost.Eventually(
            () =>
            {
                test.Clock.Advance(1_000);
                return Task.FromResult(test.Journal.Heads.Lagging == 0);
            },
            "all heads were complete");
    }

    [Fact]
    public async Task Heads_that_were_written_unheard_are_not_waited_for()
    {
        var journal = new Journal.Memory.MemoryJournal();
        var clock = new TestClock();
        await using (var before = await TestHost.StartAsync(journal, clock))
        {
            await before.OpenAsync(1, 100);
            await before.Do(1, before.Reserve(1));
        }
        // The cursor is always that of the heads before the last ones.
        await using var after = await TestHost.StartAsync(journal, clock, seed: 99);
        Assert.Equal(1, after.Journal.Heads.Lagging);
        await after.Host.ReadAsync(1);
        Assert.Equal(0, after.Journal.Heads.Lagging);
    }

    [Fact]
    public async Task Heads_of_accounts_that_went_elsewhere_are_not_waited_for()
    {
        var journal = new Journal.Memory.MemoryJournal();
        var clock = new TestClock();
        await using (var before = await TestHost.StartAsync(journal, clock)) await before.OpenAsync(1, 100);
        await using var after = await TestHost.StartAsync(journal, clock, seed: 99);
        after.Store.ClaimFailure = new JournalElsewhereException("Account 1 belongs to node other.") { Node = "other" };
        await Assert.ThrowsAsync<JournalElsewhereException>(() => after.Do(1, after.Reserve(1)));
        Assert.Equal(0, after.Journal.Heads.Lagging);
    }

    [Fact]
    public async Task A_node_that_was_replaced_ends_though_it_appends_nothing()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 100);
        test.Store.ClaimFailure = new JournalFencedException("replaced");
        await Assert.ThrowsAsync<JournalFencedException>(() => test.Do(2, test.Reserve(1)));
        Assert.Equal(JournalReadiness.Ended, test.Journal.Readiness);
    }
}
