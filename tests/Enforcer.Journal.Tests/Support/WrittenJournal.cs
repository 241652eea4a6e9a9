using Enforcer.Journal.Committing;
using Enforcer.Journal.Verifying;
using Enforcer.Ledger;
using Enforcer.Storage.Sqlite;

namespace Enforcer.Journal.Tests.Support;

/// <summary>A sound journal on disk with several accounts, batches and heads, some of them lagging.</summary>
internal sealed class WrittenJournal : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public List<TestAccount> Accounts { get; } = [.. Enumerable.Range(1, 5).Select(n => new TestAccount(n))];

    public static async Task<WrittenJournal> MakeAsync(int rounds = 6)
    {
        var written = new WrittenJournal();
        await using var store = SqliteJournalStore.InFolder(written.Folder);
        await using var journal = await GroupCommit.OpenAsync(store, "test", new JournalOptions(), TimeProvider.System);
        foreach (var account in written.Accounts) await journal.WhenDurableAsync(account.Open(journal));
        for (var i = 0; i < rounds; i++)
        {
            foreach (var account in written.Accounts)
            {
                account.Cycle(journal);
                if (account.Tail.Account == 3) account.Reserve(journal);
            }
            await journal.WhenDurableAsync(written.Accounts[^1].Tail.Ticket);
            if (i != rounds / 2) continue;
            foreach (var account in written.Accounts) await journal.WhenDurableAsync(account.Tail.Ticket);
            await journal.Heads.WriteAsync([.. written.Accounts.Select(a => a.Head)]);
            await journal.Heads.WriteAsync([]);
        }
        foreach (var account in written.Accounts) await journal.WhenDurableAsync(account.Tail.Ticket);
        await journal.Heads.WriteAsync([written.Accounts[0].Head]);
        return written;
    }

    public static async Task<VerifyReport> VerifyAsync(string folder)
    {
        await using var store = SqliteJournalStore.ReadFolder(folder);
        return await new JournalVerifier(store, LedgerOptions.Default).VerifyAsync();
    }

    /// <summary>A copy to be damaged, the original stays.</summary>
    public string CopyTo(TemporaryFolder other, string name)
    {
        var folder = Path.Combine(other.Path, name);
        SqlFile.Copy(Folder, folder);
        return folder;
    }

    public void Dispose() => _folder.Dispose();
}
