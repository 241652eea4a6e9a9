using Enforcer.Ledger;

namespace Enforcer.Host.Tests;

/// <summary>What an account costs in memory: bounded while it is active, nothing while it is idle.</summary>
public sealed class MemoryTests
{
    private const int Accounts = 20_000;
    private const int MostBytes = 608;

    [Fact]
    public async Task An_active_account_takes_about_half_a_kibibyte_and_an_idle_one_nothing()
    {
        await using var host = await TestHost.StartAsync();
        for (var account = 1L; account <= Accounts; account++) await SpendAsync(host, account);
        host.Clock.Advance(host.Host.Options.HeadsIntervalMs);
        await TestHost.Eventually(() => Task.FromResult(host.Journal.Heads.Lagging == 0), "all heads are written");
        var active = await QuietAsync(host);
        Assert.Equal(Accounts, host.Host.ActiveAccounts);
        var activations = AllOf(host);
        host.Clock.Advance(host.Host.Options.IdleMs + 1);
        await TestHost.Eventually(() => Task.FromResult(host.Host.ActiveAccounts == 0), "no account is in memory");
        var idle = GC.GetTotalMemory(forceFullCollection: true);
        Assert.InRange((active - idle) / Accounts, 1, MostBytes);
        // Also while its reservation, committed long since, would not yet have ended by time.
        Assert.InRange(activations.Count(static one => one.IsAlive), 0, 10);
    }

    [Fact]
    public async Task A_busy_account_keeps_its_memory_and_a_quiet_one_gives_it_back()
    {
        await using var host = await TestHost.StartAsync(options: new HostOptions { ExpiryTickMs = 5, HeadsIntervalMs = 1_000 });
        await SpendAsync(host, 1);
        var table = TableOf(host);
        for (var i = 0; i < 5; i++)
        {
            host.Clock.Advance(600);
            await host.Do(1, host.Release((await ReserveAsync(host)).OperationId));
            host.Clock.Advance(600);
            await TestHost.Eventually(() => Task.FromResult(host.Journal.Heads.Lagging == 0), "its head is written");
            Assert.Same(table, TableOf(host));
        }
        host.Clock.Advance(2_000);
        await TestHost.Eventually(() => Task.FromResult(!ReferenceEquals(table, TableOf(host))), "it gave its memory back");
    }

    private static Ledger.Reservations.ReservationTable TableOf(TestHost host)
    {
        Assert.True(host.Host.Find(1)!.TryRead(static (state, _) => state.Reservations, host.Clock.NowMs, out var table, out _));
        return table!;
    }

    private static async Task<Ledger.Commands.Command> ReserveAsync(TestHost host)
    {
        var reserve = host.Reserve(1);
        Assert.Equal(Refusal.Granted, (await host.Do(1, reserve)).Refusal);
        return reserve;
    }

    /// <summary>What is used once accounts that are quiet have given back what only busy ones need.</summary>
    private static async Task<long> QuietAsync(TestHost host)
    {
        var busy = GC.GetTotalMemory(forceFullCollection: true);
        host.Clock.Advance(2_000);
        var (last, quiet) = (busy, busy);
        await TestHost.Eventually(
            async () =>
            {
                await Task.Delay(50);
                (last, quiet) = (quiet, GC.GetTotalMemory(forceFullCollection: true));
                return quiet < busy - (Accounts * 64) && Math.Abs(last - quiet) < Accounts;
            },
            "accounts that are quiet take less memory");
        return quiet;
    }

    private static List<WeakReference> AllOf(TestHost host) =>
        [.. Enumerable.Range(1, Accounts).Select(account => new WeakReference(host.Host.Find(account)))];

    private static async Task SpendAsync(TestHost host, long account)
    {
        await host.OpenAsync(account, 1_000_000);
        var reserve = host.Reserve(1_000, ttlMs: 3_600_000);
        await host.Do(account, reserve);
        var outcome = await host.Do(account, host.Commit(reserve.OperationId, 500));
        Assert.Equal(Refusal.Granted, outcome.Refusal);
    }
}
