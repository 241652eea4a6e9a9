using Enforcer.Journal;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Storing;

/// <summary>What a database must be like, and how its tables are made.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class DatabaseTests(PostgresServer server)
{
    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task A_server_that_would_lose_entries_is_refused_with_the_way_out(string setting)
    {
        var database = await server.NewDatabaseAsync();
        await PostgresServer.SetAsync(database, setting, "off");
        try
        {
            await using var store = PostgresJournalStore.ForNode(new PostgresOptions { ConnectionString = database });
            var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => store.OpenAsync("test", default));
            Assert.Contains($"{setting} = off", error.Message, StringComparison.Ordinal);
            Assert.Contains($"ALTER SYSTEM SET {setting} = on", error.Message, StringComparison.Ordinal);
            Assert.Null(await PostgresServer.SqlAsync(database, "SELECT nspname FROM pg_namespace WHERE nspname = 'enforcer'"));
        }
        finally
        {
            await PostgresServer.SetAsync(database, setting, "on");
        }
        await using var now = await TestNode.StartAsync(database);
    }

    [Theory]
    [InlineData("Database=", "Database=not_there", "database \"not_there\" does not exist. Create it (createdb)")]
    [InlineData("Username=", "Username=nobody", "role \"nobody\" does not exist. Correct Username=")]
    [InlineData("Host=", "Host=/nowhere", "Start it, or correct Host=")]
    public async Task What_cannot_be_reached_is_told_with_the_way_out(string part, string wrong, string said)
    {
        var parts = (await server.NewDatabaseAsync()).Split(';').Select(one => one.StartsWith(part, StringComparison.Ordinal) ? wrong : one);
        await using var store = PostgresJournalStore.ForNode(new PostgresOptions { ConnectionString = string.Join(';', parts) });
        Assert.Contains(said, (await Assert.ThrowsAsync<JournalUnavailableException>(() => store.OpenAsync("test", default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_default_isolation_is_not_followed()
    {
        var database = await server.NewDatabaseAsync();
        await PostgresServer.SqlAsync(
            database, "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END$$");
        await using var sessions = new Database(new PostgresOptions { ConnectionString = database });
        Assert.Equal("read committed", await sessions.FirstAsync("SHOW transaction_isolation", row => row.GetString(0), default));
    }

    [Fact]
    public async Task Tables_of_a_newer_version_are_refused_and_left_alone()
    {
        var database = await server.NewDatabaseAsync();
        await using (await TestNode.StartAsync(database))
        {
            await PostgresServer.SqlAsync(database, "UPDATE schema_version SET version = 9");
        }
        var before = await PostgresServer.SqlAsync(database, "SELECT incarnation FROM nodes");
        await using var store = PostgresJournalStore.ForNode(new PostgresOptions { ConnectionString = database });
        var error = await Assert.ThrowsAsync<JournalFormatException>(() => store.OpenAsync("test", default));
        Assert.Contains("version 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("versions 1 to 4", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await PostgresServer.SqlAsync(database, "SELECT incarnation FROM nodes"));
        await using var reader = PostgresJournalStore.ReadNode(new PostgresOptions { ConnectionString = database });
        await Assert.ThrowsAsync<JournalFormatException>(() => reader.OpenAsync("test", default));
    }

    [Fact]
    public async Task Nodes_that_start_together_make_the_tables_once()
    {
        var database = await server.NewDatabaseAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => TestNode.StartAsync(database, $"node-{n}")));
        Assert.Equal(4L, await PostgresServer.SqlAsync(database, "SELECT count(*) FROM schema_version"));
        Assert.Equal(8, (await nodes[0].Ownership.ReadNodesAsync()).Select(node => node.Stream).Distinct().Count());
        foreach (var node in nodes)
        {
            await node.NewAsync(1 + BatchNumber.StreamOf(node.Journal.DurableBatch), cycles: 1);
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task There_must_be_a_journal_and_a_node_to_read()
    {
        var database = await server.NewDatabaseAsync();
        await using var nothing = PostgresJournalStore.ReadNode(new PostgresOptions { ConnectionString = database });
        await Assert.ThrowsAsync<JournalUnavailableException>(() => nothing.OpenAsync("test", default));
        await using var node = await TestNode.StartAsync(database);
        await using var nobody = PostgresJournalStore.ReadNode(new PostgresOptions { ConnectionString = database, Node = "nobody" });
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => nobody.OpenAsync("test", default));
        Assert.Contains("'nobody'", error.Message, StringComparison.Ordinal);
        await node.NewAsync(1);
        await using var reader = PostgresJournalStore.ReadNode(new PostgresOptions { ConnectionString = database });
        Assert.Equal(node.Journal.DurableBatch, (await reader.OpenAsync("test", default)).Batch);
    }

    [Fact]
    public async Task A_stream_that_was_cut_is_not_served()
    {
        var database = await server.NewDatabaseAsync();
        await using (var node = await TestNode.StartAsync(database)) await node.NewAsync(1);
        await PostgresServer.SqlAsync(database, "DELETE FROM batches WHERE number = (SELECT max(number) FROM batches)");
        var error = await Assert.ThrowsAsync<JournalCorruptException>(() => TestNode.StartAsync(database));
        Assert.Contains("it was cut", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1 << 20, 10_000, "Node:")]
    [InlineData("a b", 1 << 20, 10_000, "Node:")]
    [InlineData("a", 0, 10_000, "BatchesPerPartition:")]
    [InlineData("a", 1, 99, "Timeout:")]
    public void Options_have_bounds(string node, int batches, int timeoutMs, string field)
    {
        var options = new PostgresOptions
        {
            ConnectionString = "Host=127.0.0.1",
            Node = node,
            BatchesPerPartition = batches,
            Timeout = TimeSpan.FromMilliseconds(timeoutMs),
        };
        Assert.StartsWith(field, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }
}
