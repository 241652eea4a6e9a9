using Enforcer.Journal.Tests.Support;
using Enforcer.Storage.Sqlite;

namespace Enforcer.Journal.Tests.Contract;

public sealed class SqliteJournalTests : JournalContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IJournalStore NewStore() => SqliteJournalStore.InFolder(_folder.Path);

    /// <summary>The lock of the folder would keep a successor out, so it comes over a link that hides the lock file.</summary>
    protected override IJournalStore NewSuccessor(IJournalStore old)
    {
        var other = Directory.CreateDirectory(Path.Combine(_folder.Path, "successor")).FullName;
        foreach (var suffix in new[] { "", "-wal", "-shm" })
            File.CreateSymbolicLink(SqlFile.In(other) + suffix, SqlFile.In(_folder.Path) + suffix);
        return SqliteJournalStore.InFolder(other);
    }
}
