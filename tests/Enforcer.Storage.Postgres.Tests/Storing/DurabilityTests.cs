using Enforcer.Journal;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Storing;

/// <summary>What was answered outlives a loss of power, wherever and whenever somebody sets the server to be faster than that.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class DurabilityTests(PostgresServer server)
{
    [Theory]
    [InlineData("ALTER DATABASE <database> SET synchronous_commit = off", "")]
    [InlineData("ALTER ROLE <role> SET synchronous_commit = off", "")]
    [InlineData("ALTER ROLE <role> IN DATABASE <database> SET synchronous_commit = off", "")]
    [InlineData("SELECT 1", ";Options=-c synchronous_commit=off")]
    public async Task No_default_makes_a_batch_answered_before_it_is_on_disk(string careless, string option)
    {
        var database = await server.NewDatabaseAsync();
        var role = $"role_{Guid.NewGuid():N}";
        var name = (string)(await PostgresServer.SqlAsync(database, "SELECT current_database()::text"))!;
        await PostgresServer.SqlAsync(database, $"CREATE ROLE {role} SUPERUSER LOGIN", careless.Replace("<database>", name, StringComparison.Ordinal).Replace("<role>", role, StringComparison.Ordinal));
        var asRole = database.Replace("Username=postgres", $"Username={role}", StringComparison.Ordinal) + option;
        Assert.Equal("off", await PostgresServer.SqlAsync(asRole, "SHOW synchronous_commit"));

        await using var node = await TestNode.StartAsync(asRole);
        await PostgresServer.SqlAsync(
            database,
            "CREATE TABLE seen(setting text)",
            "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END$$",
            "CREATE TRIGGER see AFTER INSERT ON batches FOR EACH ROW EXECUTE FUNCTION see()");
        await node.NewAsync(1);
        Assert.Equal("on", await PostgresServer.SqlAsync(database, "SELECT string_agg(DISTINCT setting, ',') FROM seen"));
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task Nothing_is_added_while_a_running_server_is_set_to_lose_it(string setting)
    {
        var database = await server.NewDatabaseAsync();
        await using var node = await TestNode.StartAsync(database);
        var account = await node.NewAsync(1);
        var answered = account.Tail.Seq;
        await PostgresServer.SetAsync(database, setting, "off");
        try
        {
            // Each session of the server takes note of the change by itself, so some batches may still pass. One record at a time: whoever appended another
            // one while the first is being refused would be told that the journal cannot be written.
            await Assert.ThrowsAsync<JournalLostException>(async () =>
            {
                for (var i = 0; i < 20_000; i++)
                {
                    await node.Journal.WhenDurableAsync(account.Reserve(node.Journal));
                    answered = account.Tail.Seq;
                }
            });
            var cause = (await node.FirstLoss).Cause.Message;
            Assert.Contains($"{setting} = off", cause, StringComparison.Ordinal);
            Assert.Contains($"ALTER SYSTEM SET {setting} = on", cause, StringComparison.Ordinal);
            Assert.Equal(node.Journal.DurableBatch, await PostgresServer.SqlAsync(database, "SELECT max(number) FROM batches"));
        }
        finally
        {
            await PostgresServer.SetAsync(database, setting, "on");
        }
        await node.ReadyAsync();
        var again = await node.GetAsync(1, account.NowMs);
        Assert.InRange(again.Tail.Seq, answered, account.Tail.Seq);
        await node.Journal.WhenDurableAsync(again.Cycle(node.Journal));
        await History.RequireSameAsync(node, again);
    }

    [Fact]
    public async Task A_session_that_is_made_careless_adds_nothing_until_it_is_replaced()
    {
        var database = await server.NewDatabaseAsync();
        await using var node = await TestNode.StartAsync(database);
        var account = await node.NewAsync(1);
        await PostgresServer.SqlAsync(
            database,
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM set_config('synchronous_commit', 'off', false); RETURN NULL; END$$",
            "CREATE TRIGGER spoil AFTER INSERT ON batches FOR EACH STATEMENT EXECUTE FUNCTION spoil()");
        await node.Journal.WhenDurableAsync(account.Reserve(node.Journal));
        await PostgresServer.SqlAsync(database, "DROP TRIGGER spoil ON batches");
        await Assert.ThrowsAsync<JournalLostException>(async () => await node.Journal.WhenDurableAsync(account.Reserve(node.Journal)));
        Assert.Contains("synchronous_commit = off", (await node.FirstLoss).Cause.Message, StringComparison.Ordinal);
        await node.ReadyAsync();
        var again = await node.GetAsync(1, account.NowMs);
        await node.Journal.WhenDurableAsync(again.Cycle(node.Journal));
        await History.RequireSameAsync(node, again);
    }
}
