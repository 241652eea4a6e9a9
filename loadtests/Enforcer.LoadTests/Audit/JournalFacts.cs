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
    public static IEnumerable<Fact> Read(DataPlace data)
    {
        var numbers = ReadNumbersAsync(data).GetAwaiter().GetResult();
        var streams = data.OpenToReadAsync(CancellationToken.None).GetAwaiter().GetResult();
        try
        {
            foreach (var entry in JournalScan.ReadAllAsync(streams).ToBlockingEnumerable())
            {
                if (numbers.TryGetValue(entry.Account, out var account))
                    yield return new Fact(account, entry.Entry);
            }
        }
        finally
        {
            foreach (var stream in streams)
            {
                stream.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>The bytes of all batches and the entries in them: what the journal itself costs, without heads and indexes.</summary>
    public static async Task<(long Bytes, long Entries)> MeasureAsync(DataPlace data, CancellationToken cancellation)
    {
        var (bytes, entries) = (0L, 0L);
        foreach (var store in await data.OpenToReadAsync(cancellation).ConfigureAwait(false))
        {
            await using var _ = store.ConfigureAwait(false);
            await foreach (var batch in store.ReadBatchesAsync(1, long.MaxValue, cancellation).ConfigureAwait(false))
            {
                bytes += batch.Payload.Length + batch.Hash.Length;
                entries += batch.Entries;
            }
        }

        return (bytes, entries);
    }

    private static async Task<Dictionary<long, int>> ReadNumbersAsync(DataPlace data)
    {
        // A copy: a server that still runs has the file to itself. A database is open to all.
        using var folder = data.Folder is null ? null : new TempFolder();
        if (folder is not null)
            SqliteDirectory.BackUp(Path.Combine(data.Folder!, SqliteDirectory.FileName), Path.Combine(folder.Path, SqliteDirectory.FileName));
        using var directory = await (folder is null ? data : DataPlace.In(folder.Path)).OpenDirectoryAsync().ConfigureAwait(false);
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
