using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>All tests that share the one PostgreSQL.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // What xunit calls it.
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>
#pragma warning restore CA1711
{
    public const string Name = "PostgreSQL";
}
