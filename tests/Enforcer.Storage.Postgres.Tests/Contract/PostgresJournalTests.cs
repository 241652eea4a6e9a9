using Enforcer.Journal.Tests.Contract;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Contract;

[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class PostgresJournalTests(PostgresServer server) : JournalContract, IAsyncLifetime
{
    private string _database = "";

    public async Task InitializeAsync() => _database = await server.NewDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    protected override Journal.IJournalStore NewStore() => PostgresJournalStore.ForNode(new PostgresOptions { ConnectionString = _database });
}
