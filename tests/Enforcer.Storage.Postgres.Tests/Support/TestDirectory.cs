using Enforcer.Access;
using Enforcer.Access.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Storage.Postgres.Tests.Support;

/// <summary>Directories of nodes, and what stands on them.</summary>
internal static class TestDirectory
{
    public static Task<PostgresDirectory> OpenAsync(string database, string node = "node-1", DirectoryOptions? options = null) => PostgresDirectory.OpenAsync(
        new PostgresOptions { ConnectionString = database, Node = node }, options ?? new DirectoryOptions(), TimeProvider.System, NullLogger.Instance);

    /// <summary>A node with caches of its own.</summary>
    public static async Task<House> HouseAsync(string database, int number) => new(await OpenAsync(database, $"node-{number}"), number);
}
