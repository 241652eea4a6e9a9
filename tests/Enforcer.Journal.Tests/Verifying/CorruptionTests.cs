using Enforcer.Journal.Committing;
using Enforcer.Journal.Format;
using Enforcer.Journal.Tests.Support;
using Enforcer.Storage.Sqlite;

namespace Enforcer.Journal.Tests.Verifying;

/// <summary>Whatever is done to a journal is found; what concerns its end is found at the start already.</summary>
public sealed class CorruptionTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _damaged = new();
    private WrittenJournal _written = null!;
    private int _copies;

    public async Task InitializeAsync() => _written = await WrittenJournal.MakeAsync(rounds: 3);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _damaged.Dispose();
        _written.Dispose();
    }

    [Fact]
    public async Task A_sound_journal_is_sound()
    {
        var report = await WrittenJournal.VerifyAsync(_written.Folder);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal(5, report.Accounts);
        Assert.Equal(5, report.Heads);
        Assert.Equal(_written.Accounts.Sum(a => a.All.Count), report.Entries);
    }

    [Fact]
    public async Task Every_bit_of_every_batch_matters()
    {
        var folder = Copy();
        var random = new Random(20);
        foreach (var row in SqlFile.Read(folder, "SELECT number, payload FROM batches"))
        {
            var payload = (byte[])row[1];
            // All bits of one header, and a sample of all others.
            var header = (long)row[0] == 2 ? BatchFormat.HeaderBytes * 8 : 0;
            var bits = Enumerable.Range(0, header).Concat(Enumerable.Range(0, 30).Select(_ => random.Next(payload.Length * 8)));
            foreach (var bit in bits)
            {
                payload[bit / 8] ^= (byte)(1 << (bit % 8));
                SqlFile.Execute(folder, "UPDATE batches SET payload = $p WHERE number = $n", ("$p", payload), ("$n", row[0]));
                payload[bit / 8] ^= (byte)(1 << (bit % 8));
                await AssertFoundAsync(folder, $"bit {bit} of batch {row[0]}");
            }
            SqlFile.Execute(folder, "UPDATE batches SET payload = $p WHERE number = $n", ("$p", payload), ("$n", row[0]));
        }
        Assert.True((await WrittenJournal.VerifyAsync(folder)).IsSound);
    }

    [Fact]
    public async Task Every_bit_of_every_hash_matters()
    {
        var folder = Copy();
        foreach (var row in SqlFile.Read(folder, "SELECT number, hash FROM batches"))
        {
            var hash = (byte[])row[1];
            for (var bit = 0; bit < hash.Length * 8; bit += 37)
            {
                hash[bit / 8] ^= (byte)(1 << (bit % 8));
                SqlFile.Execute(folder, "UPDATE batches SET hash = $h WHERE number = $n", ("$h", hash), ("$n", row[0]));
                hash[bit / 8] ^= (byte)(1 << (bit % 8));
                await AssertFoundAsync(folder, $"bit {bit} of hash {row[0]}");
            }
            SqlFile.Execute(folder, "UPDATE batches SET hash = $h WHERE number = $n", ("$h", hash), ("$n", row[0]));
        }
    }

    [Theory]
    [InlineData("batches", "number", "first_at")]
    [InlineData("batches", "number", "entries")]
    [InlineData("batches", "number", "number")]
    [InlineData("heads", "account", "seq")]
    [InlineData("heads", "account", "last_batch")]
    [InlineData("heads", "account", "crc")]
    [InlineData("heads", "account", "next_expiry")]
    [InlineData("heads", "account", "epoch")]
    [InlineData("heads", "account", "account")]
    public async Task Every_bit_of_every_number_matters(string table, string key, string column)
    {
        var folder = Copy();
        foreach (var row in SqlFile.Read(folder, $"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL"))
        {
            for (var bit = 0; bit < 63; bit += 9)
            {
                var changed = (long)row[1] ^ (1L << bit);
                if (SqlFile.Execute(folder, $"UPDATE OR IGNORE {table} SET {column} = $v WHERE {key} = $k", ("$v", changed), ("$k", row[0])) == 0) continue;
                await AssertFoundAsync(folder, $"bit {bit} of {table}.{column} where {key} = {row[0]}");
                SqlFile.Execute(folder, $"UPDATE {table} SET {column} = $v WHERE {key} = $k", ("$v", row[1]), ("$k", column == key ? changed : row[0]));
            }
        }
        Assert.True((await WrittenJournal.VerifyAsync(folder)).IsSound);
    }

    [Fact]
    public async Task Every_bit_of_every_snapshot_matters()
    {
        var folder = Copy();
        var random = new Random(21);
        foreach (var row in SqlFile.Read(folder, "SELECT account, snapshot FROM heads"))
        {
            var snapshot = (byte[])row[1];
            for (var i = 0; i < 20; i++)
            {
                var bit = random.Next(snapshot.Length * 8);
                snapshot[bit / 8] ^= (byte)(1 << (bit % 8));
                SqlFile.Execute(folder, "UPDATE heads SET snapshot = $s WHERE account = $a", ("$s", snapshot), ("$a", row[0]));
                snapshot[bit / 8] ^= (byte)(1 << (bit % 8));
                await AssertFoundAsync(folder, $"bit {bit} of the snapshot of {row[0]}");
            }
            SqlFile.Execute(folder, "UPDATE heads SET snapshot = $s WHERE account = $a", ("$s", snapshot), ("$a", row[0]));
        }
    }

    [Theory]
    [InlineData("UPDATE fence SET tip = tip - 1")]
    [InlineData("UPDATE fence SET tip = tip + 1")]
    [InlineData("UPDATE fence SET tip_hash = zeroblob(32)")]
    [InlineData("DELETE FROM fence")]
    [InlineData("DELETE FROM batches WHERE number = (SELECT max(number) FROM batches)")]
    [InlineData("DELETE FROM batches WHERE number > 7")]
    [InlineData("DELETE FROM batches")]
    [InlineData("UPDATE batches SET payload = 7 WHERE number = (SELECT max(number) FROM batches)")]
    [InlineData("UPDATE batches SET hash = 'text' WHERE number = (SELECT max(number) FROM batches)")]
    [InlineData("DELETE FROM batches WHERE number = (SELECT max(number) - 1 FROM batches)")]
    [InlineData("UPDATE batches SET payload = payload || x'00' WHERE number = (SELECT max(number) - 1 FROM batches)")]
    public async Task What_concerns_the_end_is_found_at_the_start_already(string sql)
    {
        var folder = Copy();
        SqlFile.Execute(folder, sql);
        await AssertFoundAsync(folder, sql);
        await using var store = SqliteJournalStore.InFolder(folder);
        var error = await Assert.ThrowsAsync<JournalCorruptException>(
            () => GroupCommit.OpenAsync(store, "test", new JournalOptions(), TimeProvider.System));
        Assert.Contains("enforcer verify", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE fence SET tip_first_at = tip_first_at + 1")]
    [InlineData("UPDATE fence SET covered_through = (SELECT max(number) FROM batches)")]
    [InlineData("UPDATE fence SET epoch = 0")]
    [InlineData("DELETE FROM heads WHERE account = 2")]
    [InlineData("INSERT INTO heads SELECT 77, epoch, seq, last_batch, crc, next_expiry, snapshot FROM heads WHERE account = 2")]
    [InlineData("DELETE FROM batches WHERE number = 3")]
    [InlineData("DELETE FROM batches WHERE number = 1")]
    public async Task What_was_deleted_or_added_is_found(string sql)
    {
        var folder = Copy();
        Assert.NotEqual(0, SqlFile.Execute(folder, sql));
        await AssertFoundAsync(folder, sql);
    }

    [Fact]
    public async Task Batches_that_changed_places_are_found()
    {
        var folder = Copy();
        SqlFile.Execute(folder, "UPDATE batches SET number = -1 WHERE number = 2");
        SqlFile.Execute(folder, "UPDATE batches SET number = 2 WHERE number = 3");
        SqlFile.Execute(folder, "UPDATE batches SET number = 3 WHERE number = -1");
        await AssertFoundAsync(folder, "swapped batches");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_taken_out_or_moved_is_located_even_if_all_hashes_were_made_anew(bool isMoved)
    {
        using var folder = new TemporaryFolder();
        await WriteThreeBatchesAsync(folder.Path);
        var payload = (byte[])SqlFile.Read(folder.Path, "SELECT payload FROM batches WHERE number = 2")[0][0];
        Forge.TakeOutSecondRecordOf(ref payload, 2, isMoved, out var account, out var seq);
        Forge.Rehash(folder.Path, 2, payload);
        var report = await WrittenJournal.VerifyAsync(folder.Path);
        Assert.Equal((account, seq), (report.FirstBadAccount!.Account, report.FirstBadAccount.Seq));
    }

    /// <summary>The second batch holds several records of each account, and something follows it.</summary>
    private static async Task WriteThreeBatchesAsync(string folder)
    {
        await using var store = new GatedStore(SqliteJournalStore.InFolder(folder));
        await using var journal = await GroupCommit.OpenAsync(store, "test", new JournalOptions(), TimeProvider.System);
        var accounts = Enumerable.Range(1, 3).Select(n => new TestAccount(n)).ToArray();
        accounts[0].Open(journal);
        await store.NextAsync();
        accounts[1].Open(journal);
        accounts[2].Open(journal);
        foreach (var account in accounts) account.Cycle(journal);
        store.Pass();
        await store.NextAsync();
        foreach (var account in accounts) account.Cycle(journal);
        store.LetAllPass();
        await journal.WhenDurableAsync(accounts[2].Tail.Ticket);
    }

    private string Copy() => _written.CopyTo(_damaged, $"{_copies++}");

    private static async Task AssertFoundAsync(string folder, string what)
    {
        var report = await WrittenJournal.VerifyAsync(folder);
        Assert.False(report.IsSound, $"{what} was not found.");
        Assert.NotEmpty(report.Findings);
    }
}
