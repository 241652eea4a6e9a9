using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Journal.Memory;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Limits;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Host.Tests;

/// <summary>A host over a journal in memory, with a clock that tests move and appends that tests can hold back or fail.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _upkeep;
    private ulong _random;

    private TestHost(FaultyStore store, GroupCommit journal, TestClock clock, HostOptions options, LedgerOptions ledger, ulong seed)
    {
        Store = store;
        Journal = journal;
        Clock = clock;
        _random = seed;
        Reader = new AccountReader(journal, store, ledger);
        Host = new AccountHost(
            journal, Reader, ledger, options, WindowCalendar.Utc, clock, NullLogger<AccountHost>.Instance);
        var upkeep = new HostUpkeep(Host, journal.Heads, clock, NullLogger<HostUpkeep>.Instance);
        // It reads the clock before a test can move it: what is due is counted from there.
        _upkeep = upkeep.RunAsync(_stopping.Token);
    }

    public FaultyStore Store { get; }

    public GroupCommit Journal { get; }

    public TestClock Clock { get; }

    public AccountReader Reader { get; }

    public AccountHost Host { get; }

    public static async Task<TestHost> StartAsync(
        MemoryJournal? journal = null, TestClock? clock = null, HostOptions? options = null, LedgerOptions? ledger = null, ulong seed = 1)
    {
        clock ??= new TestClock();
        var store = new FaultyStore(new MemoryJournalStore(journal ?? new MemoryJournal()));
        var commit = await GroupCommit.OpenAsync(store, "test", new JournalOptions { FirstRetryDelay = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);
        return new TestHost(store, commit, clock, options ?? new HostOptions { ExpiryTickMs = 5, HeadsIntervalMs = 20 }, ledger ?? LedgerOptions.Default, seed);
    }

    public OperationId NewId() => OperationId.NewV7(Clock.NowMs, unchecked(_random += 0x9E37_79B9_7F4A_7C15), unchecked(_random * 0xD6E8_FEB8_6659_FD93));

    public async Task OpenAsync(long account, long capNanos, ExpiryPolicy onExpiry = ExpiryPolicy.Charge, RateLimit? requests = null)
    {
        var limits = new LimitSet([new SpendLimit(SpendWindow.Life, capNanos)], requests, onExpiry: onExpiry);
        var outcome = await Do(account, new Command { Kind = CommandKind.Open, OperationId = NewId(), Unit = "USD", Limits = limits });
        Assert.Equal(Refusal.Granted, outcome.Refusal);
    }

    public Command Reserve(long nanos, long ttlMs = 60_000) =>
        new() { Kind = CommandKind.Reserve, OperationId = NewId(), AmountNanos = nanos, TtlMs = ttlMs };

    public Command Commit(OperationId reservation, long nanos) =>
        new() { Kind = CommandKind.Commit, OperationId = NewId(), ReservationId = reservation, AmountNanos = nanos, Final = true };

    public Command Release(OperationId reservation) =>
        new() { Kind = CommandKind.Release, OperationId = NewId(), ReservationId = reservation };

    public Task<Outcome> Do(long account, in Command command) =>
        Host.ExecuteAsync(account, command).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Waits until something becomes true that upkeep does in its own time.</summary>
    public static async Task Eventually(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; i < 2_000; i++)
        {
            if (await condition()) return;
            await Task.Delay(5);
        }
        Assert.Fail("It never came true that " + what + ".");
    }

    /// <summary>Stops as a killed process would: nothing more is written, not even heads.</summary>
    public void Kill() => Store.BeforeAppend = static _ => new ValueTask<AppendResult?>(AppendResult.Fenced(new JournalFencedException("killed")));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _upkeep;
        Host.Dispose();
        await Journal.DisposeAsync();
        _stopping.Dispose();
    }
}
