using Enforcer.Journal.Committing;
using Enforcer.Journal.Format;
using Enforcer.Journal.Reading;
using Enforcer.Journal.Tests.Support;
using Enforcer.Ledger;
using Enforcer.Storage.Sqlite;

namespace Enforcer.Journal.Tests.Verifying;

/// <summary>A damaged journal names what is damaged, and serves the other accounts on request.</summary>
public sealed class ServeDamagedTests : IAsyncLifetime, IDisposable
{
    private WrittenJournal _written = null!;

    public async Task InitializeAsync() => _written = await WrittenJournal.MakeAsync(rounds: 3);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _written.Dispose();

    [Fact]
    public async Task The_start_names_account_and_entry_and_on_request_serves_the_others()
    {
        var (account, seq) = DamageLastBatch((in Journal.Format.Record record) => record.Body.Length - 1);
        await using (var refused = SqliteJournalStore.InFolder(_written.Folder))
        {
            var error = await Assert.ThrowsAsync<JournalCorruptException>(() => OpenAsync(refused, serveDamaged: false));
            Assert.Equal((account, seq), (error.Account, error.Seq));
            Assert.Contains($"entry {seq} of account {account}", error.Message, StringComparison.Ordinal);
        }
        await using var store = SqliteJournalStore.InFolder(_written.Folder);
        await using var journal = await OpenAsync(store, serveDamaged: true);
        Assert.Equal([account], journal.Heads.Damaged);
        var reader = new AccountReader(journal, store, LedgerOptions.Default);
        foreach (var written in _written.Accounts)
        {
            if (written.Tail.Account == account) continue;
            var loaded = await reader.LoadAsync(written.Tail.Account);
            Assert.Equal(written.Tail.Seq, loaded.Tail.Seq);
            await journal.WhenDurableAsync(new TestAccount(loaded) { NowMs = written.NowMs }.Cycle(journal));
        }
        var refusal = await Assert.ThrowsAsync<JournalCorruptException>(() => reader.LoadAsync(account).AsTask());
        Assert.Equal(account, refusal.Account);
    }

    [Fact]
    public async Task Nobody_is_served_if_it_cannot_be_told_whose_the_damage_is()
    {
        // The account's number itself: the record passes for another account's.
        DamageLastBatch((in Journal.Format.Record _) => 0);
        await using var store = SqliteJournalStore.InFolder(_written.Folder);
        await Assert.ThrowsAsync<JournalCorruptException>(() => OpenAsync(store, serveDamaged: true));
    }

    [Fact]
    public async Task A_cut_journal_is_not_served()
    {
        SqlFile.Execute(_written.Folder, "DELETE FROM batches WHERE number = (SELECT max(number) FROM batches)");
        await using var store = SqliteJournalStore.InFolder(_written.Folder);
        await Assert.ThrowsAsync<JournalCorruptException>(() => OpenAsync(store, serveDamaged: true));
    }

    /// <summary>Flips a bit in the last batch's first record, at a place in its body; says whose record it is.</summary>
    private (long Account, long Seq) DamageLastBatch(PlaceIn place)
    {
        var row = SqlFile.Read(_written.Folder, "SELECT number, payload FROM batches ORDER BY number DESC LIMIT 1")[0];
        var payload = (byte[])row[1];
        var records = new RecordReader(payload, (long)row[0]);
        records.TryRead(out var record);
        var (account, seq) = (record.Account, record.FirstSeq);
        payload[records.Position - record.Body.Length + place(record)] ^= 8;
        SqlFile.Execute(_written.Folder, "UPDATE batches SET payload = $p WHERE number = $n", ("$p", payload), ("$n", row[0]));
        return (account, seq);
    }

    private static Task<GroupCommit> OpenAsync(SqliteJournalStore store, bool serveDamaged) =>
        GroupCommit.OpenAsync(store, "test", new JournalOptions { ServeDamaged = serveDamaged }, TimeProvider.System);

    private delegate int PlaceIn(in Journal.Format.Record record);
}
