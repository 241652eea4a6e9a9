using System.CommandLine;
using System.Globalization;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals;
using Enforcer.Storage.Postgres;
using Enforcer.Storage.Sqlite;

namespace Enforcer.LoadTests.Commands;

/// <summary>
/// <c>journal</c>: what it costs to make entries durable, without rules and servers: group commit over SQLite and over PostgreSQL, side by
/// side, with so many entries gathering for each batch.
/// </summary>
internal static class JournalCommand
{
    private static readonly Option<int> Accounts = new("--accounts") { Description = "Accounts that take turns", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> BatchEntries = new("--batch") { Description = "Entries for each batch", DefaultValueFactory = _ => 512 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long each is measured", DefaultValueFactory = _ => 5 };

    public static Command Create()
    {
        var command = new Command("journal", """
            Measures the stores of the journal against each other: entries made durable a second, CPU per million

            Examples:
              journal
              journal --accounts 1 --batch 512 --seconds 10
            """) { Accounts, BatchEntries, Seconds };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using (var sqlite = SqliteJournalStore.InFolder(folder.Path))
            await MeasureAsync("SQLite", sqlite, 0, parsed, cancellation).ConfigureAwait(false);
        var cluster = await PostgresCluster.StartAsync().ConfigureAwait(false);
        await using var _ = cluster.ConfigureAwait(false);
        await using var postgres = PostgresJournalStore.ForNode(new PostgresOptions { ConnectionString = cluster.ConnectionString });
        await MeasureAsync("PostgreSQL", postgres, cluster.ProcessId, parsed, cancellation).ConfigureAwait(false);
        return 0;
    }

    private static async Task MeasureAsync(string name, IJournalStore store, int serverId, ParseResult parsed, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        await using var journal = await GroupCommit.OpenAsync(store, "load test", new JournalOptions(), clock, cancellation).ConfigureAwait(false);
        var tails = new AccountTail[parsed.GetValue(Accounts)];
        for (var i = 0; i < tails.Length; i++) tails[i].Account = i + 1;
        var writer = new Writer(journal, tails, parsed.GetValue(BatchEntries));
        await writer.RunAsync(clock, TimeSpan.FromSeconds(1), cancellation).ConfigureAwait(false);
        var firstBatch = journal.DurableBatch;
        var cpu = new CpuMeter([serverId]);
        var startedAt = clock.GetTimestamp();
        var entries = await writer.RunAsync(clock, TimeSpan.FromSeconds(parsed.GetValue(Seconds)), cancellation).ConfigureAwait(false);
        var seconds = clock.GetElapsedTime(startedAt).TotalSeconds;
        var used = cpu.Read();
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-11} {entries / seconds,12:N0} entries/s  {used.PerMillion(entries),6:N2} CPU s per million " +
            $"(here {used.ClientSeconds * 1e6 / entries:N2}, server {used.ServerSeconds * 1e6 / entries:N2})  " +
            $"{(double)entries / (journal.DurableBatch - firstBatch),7:N0} entries a batch")).ConfigureAwait(false);
    }

    /// <summary>Fills the next batch while the one before is written.</summary>
    private sealed class Writer(IJournal journal, AccountTail[] tails, int batchEntries)
    {
        private ulong _made;

        public async Task<long> RunAsync(TimeProvider clock, TimeSpan length, CancellationToken cancellation)
        {
            var startedAt = clock.GetTimestamp();
            long entries = 0;
            var last = default(AppendTicket);
            while (clock.GetElapsedTime(startedAt) < length)
            {
                cancellation.ThrowIfCancellationRequested();
                var ticket = Append(clock.GetUtcNow().ToUnixTimeMilliseconds());
                await journal.WhenDurableAsync(last).ConfigureAwait(false);
                last = ticket;
                entries += batchEntries;
            }
            await journal.WhenDurableAsync(last).ConfigureAwait(false);
            return entries;
        }

        private AppendTicket Append(long nowMs)
        {
            var ticket = default(AppendTicket);
            for (var i = 0; i < batchEntries; i++)
            {
                var id = OperationId.NewV7(nowMs, _made, unchecked(_made * 0x9E37_79B9_7F4A_7C15));
                ref var tail = ref tails[(int)(_made++ % (ulong)tails.Length)];
                var entry = new Entry
                {
                    Kind = EntryKind.Reserved,
                    Seq = tail.Seq + 1,
                    AtMs = nowMs,
                    OperationId = id,
                    ReservationId = id,
                    BodyHash = (uint)i,
                    HeldDeltaNanos = 25_000_000,
                    HeldAfterNanos = 25_000_000,
                    Tokens = 1_200,
                    TokensAfter = 1_200,
                    ExpiresAtMs = nowMs + 600_000,
                    Model = "gpt-5.5-mini",
                };
                ticket = journal.Append(ref tail, [entry]);
            }
            return ticket;
        }
    }
}
