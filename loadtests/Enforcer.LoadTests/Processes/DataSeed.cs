using Enforcer.Access;
using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Limits;
using Enforcer.LoadTests.Traffic;
using Enforcer.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.LoadTests.Processes;

/// <summary>
/// Makes accounts in a data folder or database before a server starts on it: in bulk, by the same journal and the same rules that
/// the server uses. A million accounts take seconds this way, and most of an hour one durable call after the other.
/// </summary>
internal static class DataSeed
{
    private const int AtOnce = 8_192;

    /// <summary>Makes accounts 0 to n-1, each with one cap for life, in a place that holds nothing yet.</summary>
    public static async Task CreateAsync(
        DataPlace place, int accounts, Func<int, long> capNanos, Action<int>? created, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        using (var directory = await place.OpenDirectoryAsync().ConfigureAwait(false))
        {
            var nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
            var made = await directory.Accounts.CreateManyAsync(
                Enumerable.Range(0, accounts).Select(account => new NewAccount(AccountNames.Of(account), "USD", nowMs)), cancellation).ConfigureAwait(false);
            if (made != accounts)
                throw new InvalidOperationException("there are accounts already; name a folder or database that is empty or does not exist");
        }

        await using var store = place.OpenStore();
        await using var journal = await GroupCommit.OpenAsync(store, "load test", new JournalOptions(), clock, cancellation).ConfigureAwait(false);
        var ledger = new LedgerOptions();
        var options = new HostOptions { IdleMs = 1_000, HeadsIntervalMs = 500 };
        if (store is PostgresJournalStore) options = options with { MaxConcurrentReads = AtOnce };
        using var host = new AccountHost(journal, new AccountReader(journal, store, ledger), ledger, options,
            new WindowCalendar(_ => null), clock, NullLogger<AccountHost>.Instance);
        using var over = new CancellationTokenSource();
        var upkeep = Task.Run(() => new HostUpkeep(host, journal.Heads, clock, NullLogger<HostUpkeep>.Instance).RunAsync(over.Token), cancellation);
        await OpenAsync(host, accounts, capNanos, created, cancellation).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await upkeep.ConfigureAwait(false);
    }

    private static async Task OpenAsync(
        AccountHost host, int accounts, Func<int, long> capNanos, Action<int>? created, CancellationToken cancellation)
    {
        var ids = new OperationIds(new Random(accounts), TimeProvider.System);
        foreach (var some in Enumerable.Range(0, accounts).Chunk(AtOnce))
        {
            var outcomes = await Task.WhenAll(some.Select(account =>
                host.ExecuteAsync(account + 1L, Open(ids.Next(), capNanos(account)), cancellation).AsTask())).ConfigureAwait(false);
            if (Array.Find(outcomes, outcome => !outcome.IsGranted) is { IsGranted: false } refused)
                throw new InvalidOperationException($"an account was not opened: {refused.Refusal}");
            created?.Invoke(some[^1] + 1);
        }
    }

    private static Command Open(UInt128 id, long capNanos) => new()
    {
        Kind = CommandKind.Open,
        OperationId = new OperationId((ulong)(id >> 64), unchecked((ulong)id)),
        Unit = "USD",
        Limits = new LimitSet([new SpendLimit(SpendWindow.Life, capNanos)]),
        Actor = "load test",
        Reason = "load test",
    };
}
