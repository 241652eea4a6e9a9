using Enforcer.Journal;
using Enforcer.Journal.Verifying;
using Enforcer.Ledger;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Storing;

/// <summary>Partitions, archiving, and finding one's way in a long history.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class GrowthTests(PostgresServer server)
{
    [Fact]
    public async Task A_stream_goes_from_partition_to_partition()
    {
        await using var node = await TestNode.StartAsync(Small(await server.NewDatabaseAsync()));
        var account = await node.NewAsync(1, cycles: 9);
        await History.RequireSameAsync(node, account);
        var report = await new JournalVerifier(node.Store, LedgerOptions.Default).VerifyAsync();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal(account.All.Count, report.Entries);
    }

    [Fact]
    public async Task Old_batches_are_archived_and_what_heads_need_stays()
    {
        var database = await server.NewDatabaseAsync();
        await using (var node = await TestNode.StartAsync(Small(database)))
        {
            var account = await node.NewAsync(1, cycles: 9);
            var before = account.Tail.Seq;
            await Assert.ThrowsAsync<JournalUnavailableException>(() => ArchiveWithSnapshotBehindAsync(node, database));
            Assert.Empty(await node.Store.ArchiveAsync(0));
            var archived = await node.Store.ArchiveAsync(long.MaxValue);
            Assert.Equal(["enforcer.batches_0_1", "enforcer.batches_0_4", "enforcer.batches_0_7"], archived.Take(3));
            Assert.Empty(await node.Store.ArchiveAsync(long.MaxValue));
            Assert.Equal(3L, await PostgresServer.SqlAsync(database, "SELECT count(*) FROM batches_0_1"));
            Assert.Equal(before, (await node.Reader.LoadAsync(1)).Tail.Seq);
            await node.Journal.WhenDurableAsync(account.Cycle(node.Journal));
        }
        await using var next = await TestNode.StartAsync(Small(database));
        var again = await next.GetAsync(1, 1_770_000_000_000);
        await next.Journal.WhenDurableAsync(again.Cycle(next.Journal));
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => History.ReadAsync(next, 1));
        Assert.Contains("archived into enforcer.batches_0_", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_archived_is_not_missing_and_what_is_left_is_checked()
    {
        var database = await server.NewDatabaseAsync();
        await using (var node = await TestNode.StartAsync(Small(database)))
        {
            var (old, older) = (await node.NewAsync(1, cycles: 9), await node.NewAsync(2, cycles: 1));
            await node.Journal.Heads.WriteAsync([old.Head, older.Head]);
            await node.Journal.Heads.WriteAsync([]);
            Assert.NotEmpty(await node.Store.ArchiveAsync(long.MaxValue));
            Assert.True((await VerifyAsync(node)).IsSound);
            await node.Journal.WhenDurableAsync(old.Cycle(node.Journal));
            var young = await node.NewAsync(3, cycles: 9);
            await node.Journal.Heads.WriteAsync([old.Head, young.Head]);
            var report = await VerifyAsync(node);
            Assert.True(report.IsSound, string.Join('\n', report.Findings));
            Assert.InRange(report.ArchivedBatches, 3, 30);
            Assert.InRange(report.PartialAccounts, 1, 2);
            Assert.Equal(node.Journal.DurableBatch, report.ArchivedBatches + report.Batches);
            Assert.Equal(3, report.Heads);

            // A head that is not where what is left of its account ends, and a batch that is gone without having been archived.
            await PostgresServer.SqlAsync(database, "UPDATE heads SET snap_crc = snap_crc # 1 WHERE account = 1");
            Assert.Equal(1, Assert.Single((await VerifyAsync(node)).Findings).Account);
            await PostgresServer.SqlAsync(
                database, "UPDATE heads SET snap_crc = snap_crc # 1 WHERE account = 1", $"DELETE FROM batches WHERE number = {node.Journal.DurableBatch - 2}");
            var broken = await VerifyAsync(node);
            Assert.Contains(broken.Findings, finding => finding.Batch == node.Journal.DurableBatch - 2 && finding.What.Contains("missing", StringComparison.Ordinal));
            Assert.Equal(3, broken.FirstBadAccount?.Account);
        }
    }

    [Fact]
    public async Task A_long_history_is_entered_near_a_moment_and_not_at_its_end()
    {
        var database = await server.NewDatabaseAsync();
        var time = new Enforcer.Journal.Tests.Support.ManualTime();
        await using var store = PostgresJournalStore.ForNode(new PostgresOptions { ConnectionString = database });
        await using var journal = await Enforcer.Journal.Committing.GroupCommit.OpenAsync(store, "test", new JournalOptions(), time);
        var reader = new Enforcer.Journal.Reading.AccountReader(journal, store, LedgerOptions.Default);
        var account = new Enforcer.Journal.Tests.Support.TestAccount(await reader.LoadAsync(1)) { NowMs = time.NowMs };
        account.Open(journal);
        var start = time.NowMs;
        for (var second = 1; second <= 40; second++)
        {
            time.Advance(1_000);
            account.NowMs = time.NowMs;
            for (var i = 0; i < 25; i++) account.Cycle(journal);
            await journal.WhenDurableAsync(account.Tail.Ticket);
            await journal.Heads.WriteAsync([account.Head]);
        }
        Assert.InRange((long)(await PostgresServer.SqlAsync(database, "SELECT count(*) FROM ledger"))!, 6, 8);
        var wanted = start + 10_000;
        var tail = (await store.FindTailAsync(1, wanted, default))!.Value;
        var expected = account.All.Where(entry => entry.AtMs <= wanted).ToList();
        var walked = new List<Ledger.Entries.Entry>();
        var read = 0;
        await foreach (var entry in reader.WalkBackAsync(tail))
        {
            read++;
            if (entry.AtMs <= wanted) walked.Add(entry);
        }
        walked.Reverse();
        Assert.Equal(expected, walked);
        Assert.True(read - expected.Count <= HeadsStatement.EntriesPerMark + 50, $"{read} entries were read for {expected.Count}.");
        Assert.Null(await store.FindTailAsync(1, time.NowMs, default));
        Assert.Null(await store.FindTailAsync(2, 0, default));
    }

    /// <summary>A node that died before it wrote a head: its successor knows where the account ends, but nobody has made a snapshot.</summary>
    private static async Task ArchiveWithSnapshotBehindAsync(TestNode node, string database)
    {
        await using (var other = await TestNode.StartAsync(database, "other")) await other.NewAsync(2);
        var found = (await node.Ownership.ReadNodesAsync()).Single(n => n.Node == "other");
        Assert.True(await node.Ownership.TakeOverAsync("other", found.Incarnation));
        var one = await node.GetAsync(1);
        await node.Journal.Heads.WriteAsync([one.Head]);
        await node.Journal.Heads.WriteAsync([]);
        try
        {
            await node.Store.ArchiveAsync(long.MaxValue);
        }
        finally
        {
            await node.Journal.Heads.WriteAsync([(await node.GetAsync(2)).Head]);
        }
    }

    private static Task<VerifyReport> VerifyAsync(TestNode node) => new JournalVerifier(node.Store, LedgerOptions.Default).VerifyAsync();

    private static PostgresOptions Small(string database) => new() { ConnectionString = database, BatchesPerPartition = 3 };
}
