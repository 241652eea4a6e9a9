using Enforcer.Journal;
using Enforcer.Journal.Reading;
using Enforcer.Journal.Verifying;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Storing;

/// <summary>The streams of all nodes read as one journal.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class WholeJournalTests(PostgresServer server) : IAsyncLifetime
{
    private string _database = "";

    /// <summary>Account 1 goes to the second node and back, account 2 stays on the first, account 3 is made on the second.</summary>
    public async Task InitializeAsync()
    {
        _database = await server.NewDatabaseAsync();
        await using var one = await TestNode.StartAsync(_database, "one");
        await using var two = await TestNode.StartAsync(_database, "two");
        await one.NewAsync(1);
        var other = await one.NewAsync(2);
        await two.NewAsync(3);
        foreach (var (to, from) in new[] { (two, "one"), (one, "two") })
        {
            Assert.Equal([1L], await to.Ownership.TakeAsync(from, [1]));
            var moved = await to.GetAsync(1);
            for (var i = 0; i < 3; i++) await to.Journal.WhenDurableAsync(moved.Cycle(to.Journal));
            // With its next append the first node finds out what it has lost.
            await one.Journal.WhenDurableAsync(other.Cycle(one.Journal));
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_accounts_history_is_sound_over_all_its_nodes()
    {
        var report = await VerifyAsync();
        Assert.True(report.IsSound, report.Findings is [var first, ..] ? first.What : "");
        Assert.Equal(3, report.Accounts);
    }

    [Fact]
    public async Task A_part_that_is_missing_on_another_node_is_found_by_account_and_entry()
    {
        await PostgresServer.SqlAsync(_database, $"DELETE FROM batches WHERE number > {BatchNumber.OriginOf(1)} AND number < (SELECT tip FROM tips WHERE node = 1)");
        var report = await VerifyAsync();
        Assert.False(report.IsSound);
        Assert.NotNull(report.FirstBadAccount);
        Assert.Contains(report.Findings, finding => finding.Account == 1 && finding.Seq > 1);
    }

    [Fact]
    public async Task Entries_of_each_account_come_in_order()
    {
        var seqs = new Dictionary<long, long>();
        var streams = await OpenAsync();
        await foreach (var found in JournalScan.ReadAllAsync(streams)) Assert.Equal(seqs[found.Account] = seqs.GetValueOrDefault(found.Account) + 1, found.Entry.Seq);
        Assert.Equal([1L, 2, 3], seqs.Keys.Order());
        foreach (var stream in streams) await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_span_of_time_holds_what_all_nodes_did_then()
    {
        await using var store = PostgresJournalStore.ReadNode(new PostgresOptions { ConnectionString = _database, Node = "one" });
        await store.OpenAsync("", default);
        var entries = new List<(long Account, Entry Entry)>();
        await foreach (var found in new JournalScan(store).ReadAsync(0, long.MaxValue)) entries.Add((found.Account, found.Entry));
        Assert.Equal([1L, 2, 3], entries.Select(entry => entry.Account).Distinct().Order());
        var wanted = entries.Last(entry => entry.Account == 3 && !entry.Entry.OperationId.IsNone);
        var seen = new List<long>();
        await foreach (var found in new JournalScan(store).FindAsync(wanted.Entry.OperationId, 1L << 50, long.MaxValue)) seen.Add(found.Account);
        Assert.Contains(3L, seen);
    }

    private async Task<IReadOnlyList<PostgresJournalStore>> OpenAsync() =>
        await PostgresJournalStore.ReadAllAsync(new PostgresOptions { ConnectionString = _database });

    private async Task<VerifyReport> VerifyAsync()
    {
        var streams = await OpenAsync();
        var report = await new JournalVerifier(streams, LedgerOptions.Default).VerifyAsync();
        foreach (var stream in streams) await stream.DisposeAsync();
        return report;
    }
}
