using Enforcer.Access;
using Enforcer.Journal.Reading;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Traffic;
using Enforcer.Storage.Sqlite;

namespace Enforcer.LoadTests.Audit;

/// <summary>
/// Reads the journal of a server, which may still run, as facts about the accounts of load tests; other accounts are passed over.
/// Whether bytes were changed is asked of <c>enforcer verify</c>; here it counts what they say.
/// </summary>
internal static class JournalFacts
{
    public static IEnumerable<Fact> Read(string dataFolder)
    {
        var numbers = ReadNumbersAsync(dataFolder).GetAwaiter().GetResult();
        var store = SqliteJournalStore.ReadFolder(dataFolder);
        try
        {
            foreach (var entry in new JournalScan(store).ReadAsync(0, long.MaxValue).ToBlockingEnumerable())
            {
                if (numbers.TryGetValue(entry.Account, out var account))
                    yield return new Fact(account, entry.Entry);
            }
        }
        finally
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>The bytes of all batches and the entries in them: what the journal itself costs, without heads and indexes.</summary>
    public static async Task<(long Bytes, long Entries)> MeasureAsync(string dataFolder, CancellationToken cancellation)
    {
        await using var store = SqliteJournalStore.ReadFolder(dataFolder);
        var (bytes, entries) = (0L, 0L);
        await foreach (var batch in store.ReadBatchesAsync(1, long.MaxValue, cancellation).ConfigureAwait(false))
        {
            bytes += batch.Payload.Length + batch.Hash.Length;
            entries += batch.Entries;
        }

        return (bytes, entries);
    }

    private static async Task<Dictionary<long, int>> ReadNumbersAsync(string dataFolder)
    {
        // A copy: a server that still runs has the directory to itself.
        using var folder = new TempFolder();
        var copy = Path.Combine(folder.Path, SqliteDirectory.FileName);
        SqliteDirectory.BackUp(Path.Combine(dataFolder, SqliteDirectory.FileName), copy);
        using var directory = SqliteDirectory.Open(copy, new DirectoryOptions());
        var numbers = new Dictionary<long, int>();
        for (var after = ""; ;)
        {
            var page = await directory.Accounts.ListAsync(after, DirectoryRules.MaxPage, CancellationToken.None).ConfigureAwait(false);
            foreach (var account in page)
            {
                if (AccountNames.NumberOf(account.Id) is >= 0 and var number)
                    numbers.Add(account.Number, number);
            }

            if (page.Count < DirectoryRules.MaxPage)
                return numbers;
            after = page[^1].Id;
        }
    }
}
