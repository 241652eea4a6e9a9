using Enforcer.Access;
using Enforcer.Server.Options;
using Enforcer.Server.Tests.Support;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>What a server does not start on, and what it says then.</summary>
public sealed class PostgresStartTests
{
    [Fact]
    public async Task A_second_server_of_one_name_is_refused_and_the_first_goes_on()
    {
        await using var server = await TestServer.StartAsync();
        var refused = await Assert.ThrowsAsync<DirectoryException>(() => TestServer.StartOnAsync(server.Place.Configure));
        Assert.Contains($"a node 'node-1' is running already, as machine/process {Environment.MachineName}/{Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        await GrantsAsync(server);
    }

    [Fact]
    public async Task A_server_that_is_not_durable_is_refused_with_the_way_out()
    {
        var place = await TestPlace.NewAsync();
        await PostgresServer.SetAsync(place.Database, "fsync", "off");
        try
        {
            var refused = await Assert.ThrowsAsync<DirectoryException>(() => TestServer.StartOnAsync(place.Configure));
            Assert.Contains("ALTER SYSTEM SET fsync = on", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            await PostgresServer.SetAsync(place.Database, "fsync", "on");
        }
    }

    [Fact]
    public async Task Newer_tables_are_refused()
    {
        await using var server = await TestServer.StartAsync();
        await server.StopAsync();
        await PostgresServer.SqlAsync(server.Place.Database, "INSERT INTO schema_version VALUES (99)");
        var refused = await Assert.ThrowsAsync<DirectoryException>(() => TestServer.StartOnAsync(server.Place.Configure));
        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Use the newer program", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_down_is_named()
    {
        var refused = await Assert.ThrowsAsync<DirectoryException>(() => TestServer.StartOnAsync(options => options.Postgres = "Host=/nowhere;Database=db;Username=u"));
        Assert.StartsWith("PostgreSQL /nowhere:5432/db: ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "node-1", "ConnectionString: it cannot be read")]
    [InlineData("Database=d", "node-1", "Host is missing")]
    [InlineData("Host=h;Sleep=1", "node-1", "Give one such as 'Host=127.0.0.1;")]
    [InlineData("Host=h", "node 1", "Node: 'node 1' is not 1 to 48 characters of")]
    public async Task Wrong_options_are_told_with_the_rule(string postgres, string node, string told)
    {
        var refused = await Assert.ThrowsAsync<OptionsException>(() => TestServer.StartOnAsync(options => (options.Postgres, options.Node) = (postgres, node)));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    private static async Task GrantsAsync(TestServer server)
    {
        var key = await server.CreateKeyAsync();
        await using var reservation = await server.Client.ReserveAsync(key.Secret, 1);
        Assert.True(reservation.IsGranted);
    }
}
