using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Server.Tests.Support;

/// <summary>One PostgreSQL for all tests of the assembly, started by the first that needs it; each test gets a database of its own.</summary>
internal static class OnePostgres
{
    private static readonly Lazy<Task<PostgresServer>> Started = new(StartAsync);

    public static Task<PostgresServer> GetAsync() => Started.Value;

    private static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        await server.InitializeAsync();
        // Nothing tells a test of version 2 that it was the last one.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().Wait();
        return server;
    }
}
