using Enforcer.Access;
using Enforcer.Journal;
using Enforcer.Storage.Postgres;
using Enforcer.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.LoadTests.Processes;

/// <summary>Where the data of a server is: a folder, or a PostgreSQL.</summary>
/// <param name="Folder">The folder; null for a PostgreSQL.</param>
/// <param name="Postgres">How to connect to the PostgreSQL; null for a folder.</param>
internal sealed record DataPlace(string? Folder, string? Postgres)
{
    /// <summary>The node that has the data before any other, or alone.</summary>
    public string Node { get; init; } = "load-test";

    public static DataPlace In(string folder) => new(folder, null);

    public static DataPlace On(string postgres) => new(null, postgres);

    /// <summary>How <c>enforcer serve</c> is told.</summary>
    public IReadOnlyList<string> Arguments => Folder is null ? ["--postgres", Postgres!, "--node", Node] : ["--data", Folder];

    /// <summary>The directory, while no server has it.</summary>
    public async Task<IDirectory> OpenDirectoryAsync()
    {
        if (Folder is null)
            return await PostgresDirectory.OpenAsync(Options("load-test-tool"), new DirectoryOptions(), TimeProvider.System, NullLogger.Instance).ConfigureAwait(false);
        Directory.CreateDirectory(Folder);
        return SqliteDirectory.Open(Path.Combine(Folder, SqliteDirectory.FileName), new DirectoryOptions());
    }

    /// <summary>The journal, to be written before a server starts.</summary>
    public IJournalStore OpenStore() => Folder is null ? PostgresJournalStore.ForNode(Options(Node)) : SqliteJournalStore.InFolder(Folder);

    /// <summary>The streams of the journal, to be read while a server may write them.</summary>
    public async Task<IReadOnlyList<IJournalStore>> OpenToReadAsync(CancellationToken cancellation)
    {
        if (Folder is { } folder)
            return [SqliteJournalStore.ReadFolder(folder)];
        return await PostgresJournalStore.ReadAllAsync(Options(Node), cancellation).ConfigureAwait(false);
    }

    private PostgresOptions Options(string node) => new() { ConnectionString = Postgres!, Node = node };
}
