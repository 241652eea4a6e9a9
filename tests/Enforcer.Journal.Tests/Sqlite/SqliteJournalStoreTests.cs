using Enforcer.Journal.Committing;
using Enforcer.Journal.Reading;
using Enforcer.Journal.Tests.Support;
using Enforcer.Ledger;
using Enforcer.Storage.Sqlite;

namespace Enforcer.Journal.Tests.Sqlite;

/// <summary>What only a store on disk can do or suffer.</summary>
public sealed class SqliteJournalStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_data_folder_is_served_once_at_a_time()
    {
        await using (var first = SqliteJournalStore.InFolder(_folder.Path))
        {
            await first.OpenAsync("first", default);
            await using var second = SqliteJournalStore.InFolder(_folder.Path);
            var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => second.OpenAsync("second", default));
            Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
            Assert.Contains("another process serves", error.Message, StringComparison.Ordinal);
        }
        await using var third = SqliteJournalStore.InFolder(_folder.Path);
        Assert.Equal(2, (await third.OpenAsync("third", default)).Epoch);
    }

    [Fact]
    public async Task A_newer_journal_is_refused_and_left_alone()
    {
        await using (var store = SqliteJournalStore.InFolder(_folder.Path)) await store.OpenAsync("test", default);
        SqlFile.Execute(_folder.Path, "PRAGMA user_version = 9");
        await using var old = SqliteJournalStore.InFolder(_folder.Path);
        var error = await Assert.ThrowsAsync<JournalFormatException>(() => old.OpenAsync("test", default));
        Assert.Contains(SqlFile.In(_folder.Path), error.Message, StringComparison.Ordinal);
        Assert.Contains("version 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("versions 1 to 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(1L, SqlFile.Read(_folder.Path, "SELECT epoch FROM fence")[0][0]);
    }

    [Fact]
    public async Task A_file_that_is_no_journal_is_refused()
    {
        SqlFile.Execute(_folder.Path, "CREATE TABLE something(a)");
        await using var store = SqliteJournalStore.InFolder(_folder.Path);
        await Assert.ThrowsAsync<JournalFormatException>(() => store.OpenAsync("test", default));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(SqlFile.In(_folder.Path), new string('x', 10_000));
        await using var store = SqliteJournalStore.InFolder(_folder.Path);
        await Assert.ThrowsAsync<JournalCorruptException>(() => store.OpenAsync("test", default));
    }

    [Fact]
    public async Task A_lock_that_somebody_holds_for_a_moment_delays_a_batch_and_loses_none()
    {
        await using var store = SqliteJournalStore.InFolder(_folder.Path);
        await using var journal = await GroupCommit.OpenAsync(store, "test", new JournalOptions(), TimeProvider.System);
        var account = new TestAccount(1);
        using var other = SqlFile.Open(_folder.Path);
        using (var transaction = other.BeginTransaction(deferred: false))
        {
            account.Open(journal);
            // The writer has begun by then and stands at the lock; even if it has not, the test cannot fail for that.
            await Task.Delay(50);
            Assert.False(journal.IsDurable(account.Tail.Ticket));
            transaction.Rollback();
        }
        await journal.WhenDurableAsync(account.Tail.Ticket);
        Assert.Equal(0, journal.Generation);
    }

    [Fact]
    public async Task Whatever_was_durable_survives_a_crash_at_any_moment()
    {
        var accounts = Enumerable.Range(1, 8).Select(n => new TestAccount(n)).ToArray();
        var crashed = new List<(string Folder, long[] DurableSeqs)>();
        await using var store = SqliteJournalStore.InFolder(Path.Combine(_folder.Path, "live"));
        await using var journal = await GroupCommit.OpenAsync(store, "test", new JournalOptions(), TimeProvider.System);
        foreach (var account in accounts) account.Open(journal);
        for (var i = 0; i < 10; i++)
        {
            foreach (var account in accounts) account.Cycle(journal);
            if (i == 4)
            {
                foreach (var account in accounts) await journal.WhenDurableAsync(account.Tail.Ticket);
                await journal.Heads.WriteAsync([.. accounts.Select(a => a.Head)]);
                await journal.Heads.WriteAsync([]);
            }
            if (i % 3 == 0) await journal.WhenDurableAsync(accounts[0].Tail.Ticket);
            var durable = accounts.Select(a => journal.IsDurable(a.Tail.Ticket) ? a.Tail.Seq : 0).ToArray();
            var folder = Path.Combine(_folder.Path, $"crash{i}");
            SqlFile.Copy(Path.Combine(_folder.Path, "live"), folder);
            crashed.Add((folder, durable));
        }
        foreach (var (folder, durableSeqs) in crashed) await AssertSurvivedAsync(folder, durableSeqs, accounts);
    }

    [Fact]
    public async Task A_full_disk_changes_nothing_and_is_over_when_there_is_room()
    {
        await using var store = SqliteJournalStore.InFolder(_folder.Path);
        await using var journal = await GroupCommit.OpenAsync(
            store, "test", new JournalOptions { FirstRetryDelay = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);
        var loss = new TaskCompletionSource<LostRecords>(TaskCreationOptions.RunContinuationsAsynchronously);
        journal.Lost += lost => loss.TrySetResult(lost);
        var account = new TestAccount(1);
        await journal.WhenDurableAsync(account.Open(journal));
        await store.LimitPagesAsync(20);
        // One record at a time: whoever appended another one meanwhile would be told that the journal cannot be written.
        await Assert.ThrowsAsync<JournalLostException>(async () =>
        {
            while (true) await journal.WhenDurableAsync(account.Reserve(journal));
        });
        // Whoever comes to wait after the loss is told no cause.
        Assert.Contains("full", (await loss.Task.WaitAsync(TimeSpan.FromSeconds(30))).Cause.Message, StringComparison.Ordinal);
        var loaded = await LoadWhenReadyAsync(journal, store, 1);
        await store.LimitPagesAsync(1_000_000);
        var again = new TestAccount(loaded) { NowMs = account.NowMs };
        await journal.WhenDurableAsync(again.Cycle(journal));
        Assert.Equal(JournalReadiness.Ready, journal.Readiness);
        Assert.True((await WrittenJournal.VerifyAsync(_folder.Path)).IsSound);
    }

    [Fact]
    public async Task A_backup_made_while_serving_is_a_sound_journal()
    {
        var account = new TestAccount(1);
        var backup = Path.Combine(_folder.Path, "backup");
        Directory.CreateDirectory(backup);
        await using var store = SqliteJournalStore.InFolder(_folder.Path);
        await using var journal = await GroupCommit.OpenAsync(store, "test", new JournalOptions(), TimeProvider.System);
        await journal.WhenDurableAsync(account.Open(journal));
        await journal.WhenDurableAsync(account.Cycle(journal));
        var seq = account.Tail.Seq;
        account.Cycle(journal);
        store.BackUpTo(SqlFile.In(backup));
        await journal.WhenDurableAsync(account.Cycle(journal));
        Assert.True((await WrittenJournal.VerifyAsync(backup)).IsSound);
        await using var restored = SqliteJournalStore.InFolder(backup);
        await using var successor = await GroupCommit.OpenAsync(restored, "test", new JournalOptions(), TimeProvider.System);
        Assert.InRange((await new AccountReader(successor, restored, LedgerOptions.Default).LoadAsync(1)).Tail.Seq, seq, seq + 2);
        Assert.Throws<JournalUnavailableException>(() => store.BackUpTo(SqlFile.In(backup)));
    }

    [Fact]
    public async Task Verifying_while_serving_sees_a_sound_journal()
    {
        await using var store = SqliteJournalStore.InFolder(_folder.Path);
        await using var journal = await GroupCommit.OpenAsync(store, "test", new JournalOptions(), TimeProvider.System);
        var account = new TestAccount(1);
        account.Open(journal);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await journal.WhenDurableAsync(account.Cycle(journal));
        });
        for (var i = 0; i < 5; i++)
        {
            var report = await WrittenJournal.VerifyAsync(_folder.Path);
            Assert.True(report.IsSound, string.Join('\n', report.Findings));
        }
        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public void There_must_be_a_journal_to_read() =>
        Assert.Throws<JournalUnavailableException>(() => SqliteJournalStore.ReadFolder(_folder.Path));

    private static async Task AssertSurvivedAsync(string folder, long[] durableSeqs, TestAccount[] accounts)
    {
        Assert.True((await WrittenJournal.VerifyAsync(folder)).IsSound);
        await using var store = SqliteJournalStore.InFolder(folder);
        await using var journal = await GroupCommit.OpenAsync(store, "test", new JournalOptions(), TimeProvider.System);
        var reader = new AccountReader(journal, store, LedgerOptions.Default);
        for (var i = 0; i < accounts.Length; i++)
        {
            var loaded = await reader.LoadAsync(i + 1);
            Assert.True(loaded.Tail.Seq >= durableSeqs[i], $"Account {i + 1}: entry {durableSeqs[i]} was durable, {loaded.Tail.Seq} is left.");
            var walked = new List<Ledger.Entries.Entry>();
            await foreach (var entry in reader.WalkBackAsync(i + 1)) walked.Add(entry);
            walked.Reverse();
            Assert.Equal(accounts[i].All.Take(walked.Count), walked);
        }
    }

    private static async Task<LoadedAccount> LoadWhenReadyAsync(GroupCommit journal, SqliteJournalStore store, long account)
    {
        while (true)
        {
            try
            {
                return await new AccountReader(journal, store, LedgerOptions.Default).LoadAsync(account);
            }
            catch (JournalUnavailableException)
            {
                await Task.Delay(1);
            }
        }
    }
}
