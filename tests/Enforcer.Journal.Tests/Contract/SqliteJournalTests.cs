using Enforcer.Journal.Tests.Support;
using Enforcer.Storage.Sqlite;

namespace Enforcer.Journal.Tests.Contract;

public sealed class SqliteJournalTests : JournalContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IJournalStore NewStore() => SqliteJournalStore.InFolder(_folder.Path);
}
