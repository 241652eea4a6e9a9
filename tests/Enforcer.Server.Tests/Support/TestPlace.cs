using Enforcer.Access;
using Enforcer.Server.Options;
using Enforcer.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Enforcer.Server.Tests.Support;

/// <summary>Where a test server's data is: here a folder. Tests that use nothing else of it run against other places as well.</summary>
public sealed class TestPlace : IAsyncDisposable
{
    private TestPlace(string folder) => Folder = folder;

    public string Folder { get; }

    public static Task<TestPlace> NewAsync() => Task.FromResult(new TestPlace(Directory.CreateTempSubdirectory("enforcer-server-").FullName));

    /// <summary>Tells a server to use it.</summary>
    public void Configure(EnforcerServerOptions options) => options.Data = Folder;

    /// <summary>Opens the directory of a server that is stopped.</summary>
    public Task<IDirectory> OpenDirectoryAsync() =>
        Task.FromResult<IDirectory>(SqliteDirectory.Open(Path.Combine(Folder, SqliteDirectory.FileName), new DirectoryOptions()));

    /// <summary>The journal cannot be written until the result is disposed of: holds the file's only write lock, as a stuck process would.</summary>
    public Task<IAsyncDisposable> BlockAsync()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return Task.FromResult<IAsyncDisposable>(connection);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return default;
    }
}
