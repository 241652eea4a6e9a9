using Enforcer.Access;
using Enforcer.Access.Tests;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Storage.Postgres.Tests.Contract;

[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class PostgresDirectoryTests(PostgresServer server) : DirectoryContract
{
    protected override async Task<IDirectory> OpenAsync(DirectoryOptions options) =>
        await TestDirectory.OpenAsync(await server.NewDatabaseAsync(), options: options);
}
