namespace Enforcer.Storage.Postgres.Tests.Support;

/// <summary>All tests that share the one server; they run one after the other, because some change its settings.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // What xunit calls it.
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>
#pragma warning restore CA1711
{
    public const string Name = "PostgreSQL";
}
