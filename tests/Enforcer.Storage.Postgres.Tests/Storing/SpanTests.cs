using Enforcer.Journal;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Storing;

/// <summary>Batches that lie side by side are read together, within bounds.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class SpanTests(PostgresServer server)
{
    [Fact]
    public async Task A_long_history_takes_few_questions()
    {
        await using var node = await TestNode.StartAsync(await server.NewDatabaseAsync());
        var account = await node.NewAsync(1, cycles: 400);
        var (entries, store) = await WalkAsync(node, account.Tail, int.MaxValue);
        Assert.Equal(account.All, entries);
        Assert.InRange(store.Batches, 400, 1_200);
        Assert.InRange(store.Questions, 1, 10);
    }

    [Fact]
    public async Task Who_reads_the_newest_entries_reads_little_more()
    {
        await using var node = await TestNode.StartAsync(await server.NewDatabaseAsync());
        var account = await node.NewAsync(1, cycles: 100);
        var (entries, store) = await WalkAsync(node, account.Tail, 2);
        Assert.Equal(account.All[^2..], entries);
        Assert.InRange(store.Batches, 1, 5);
    }

    [Fact]
    public async Task An_account_that_is_seldom_written_does_not_have_everybodys_batches_read()
    {
        await using var node = await TestNode.StartAsync(await server.NewDatabaseAsync());
        var (seldom, often) = (await node.NewAsync(1, cycles: 1), await node.NewAsync(2, cycles: 0));
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 40; j++) await node.Journal.WhenDurableAsync(often.Cycle(node.Journal));
            await node.Journal.WhenDurableAsync(seldom.Cycle(node.Journal));
        }
        var (entries, store) = await WalkAsync(node, seldom.Tail, int.MaxValue);
        Assert.Equal(seldom.All, entries);
        Assert.InRange(store.Batches, 6, 60);
    }

    [Fact]
    public async Task A_span_begins_with_the_batch_asked_for_and_stays_in_its_stream_and_its_bounds()
    {
        var database = await server.NewDatabaseAsync();
        await using var first = await TestNode.StartAsync(database, "a");
        await using var second = await TestNode.StartAsync(database, "b");
        await first.NewAsync(1, cycles: 20);
        await second.NewAsync(2, cycles: 20);
        var end = second.Journal.DurableBatch;
        Assert.Equal([end, end - 1, end - 2], await NumbersAsync(first, end, 3));
        var origin = BatchNumber.OriginOf(end);
        Assert.Equal([origin + 2, origin + 1], await NumbersAsync(first, origin + 2, 100));
        Assert.Empty(await NumbersAsync(first, end + 1, 100));
        Assert.Empty(await NumbersAsync(first, origin, 100));

        // However long it is, the one asked for comes; those that would make it too much do not.
        await PostgresServer.SqlAsync(database, $"UPDATE batches SET payload = decode(repeat('00', 3000000), 'hex') WHERE number IN ({end}, {end - 5})");
        Assert.Equal([end], await NumbersAsync(first, end, 100));
        Assert.Equal([end - 1, end - 2, end - 3, end - 4], await NumbersAsync(first, end - 1, 100));
    }

    private static async Task<List<long>> NumbersAsync(TestNode node, long number, int most) =>
        [.. (await node.Store.ReadBackAsync(number, most, default)).Select(batch => batch.Number)];

    private static async Task<(List<Entry> Entries, CountingStore Store)> WalkAsync(TestNode node, AccountTail tail, int count)
    {
        var store = new CountingStore(node.Store);
        var entries = new List<Entry>();
        await foreach (var entry in new AccountReader(node.Journal, store, LedgerOptions.Default).WalkBackAsync(tail))
        {
            entries.Add(entry);
            if (entries.Count == count) break;
        }
        entries.Reverse();
        return (entries, store);
    }
}
