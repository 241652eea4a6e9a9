using Enforcer.Access;
using Enforcer.Server.Options;
using Enforcer.Storage.Postgres;
using Enforcer.Storage.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Server.Tests.Support;

/// <summary>Where a test server's data is: here a database of its own.</summary>
public sealed class TestPlace : IAsyncDisposable
{
    private readonly PostgresServer _server;

    private TestPlace(PostgresServer server, string database)
    {
        _server = server;
        Database = database;
    }

    /// <summary>How to connect to it.</summary>
    public string Database { get; }

    public static async Task<TestPlace> NewAsync()
    {
        var server = await OnePostgres.GetAsync();
        return new TestPlace(server, await server.NewDatabaseAsync() + ";Pooling=true");
    }

    /// <summary>Tells a server to use it.</summary>
    public void Configure(EnforcerServerOptions options)
    {
        options.Postgres = Database;
        options.Node = "node-1";
    }

    /// <summary>Opens the directory of a server that is stopped.</summary>
    public async Task<IDirectory> OpenDirectoryAsync() => await PostgresDirectory.OpenAsync(
        new PostgresOptions { ConnectionString = Database }, new DirectoryOptions(), TimeProvider.System, NullLogger.Instance);

    /// <summary>The journal cannot be written until the result is disposed of: a table of it is away.</summary>
    public async Task<IAsyncDisposable> BlockAsync()
    {
        await PostgresServer.SqlAsync(Database, "ALTER TABLE tips RENAME TO tips_away");
        return new Undoing(() => PostgresServer.SqlAsync(Database, "ALTER TABLE tips_away RENAME TO tips"));
    }

    /// <summary>Nothing can be reached until the result is disposed of: PostgreSQL is killed, and then started again.</summary>
    public async Task<IAsyncDisposable> KillDatabaseAsync()
    {
        await _server.KillAsync();
        return new Undoing(_server.StartAsync);
    }

    public ValueTask DisposeAsync() => default;

    private sealed class Undoing(Func<Task> undo) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await undo();
    }
}
