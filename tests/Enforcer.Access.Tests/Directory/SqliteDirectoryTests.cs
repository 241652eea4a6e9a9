using Enforcer.Storage.Sqlite;

namespace Enforcer.Access.Tests;

public sealed class SqliteDirectoryTests : DirectoryContract, IDisposable
{
    private readonly TempFolder _folder = new();

    protected override Task<IDirectory> OpenAsync(DirectoryOptions options) =>
        Task.FromResult<IDirectory>(SqliteDirectory.Open(_folder.File(SqliteDirectory.FileName), options));

    public void Dispose() => _folder.Dispose();
}
