using Enforcer.Cluster.Tests.Database;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Orleans.Tests.Clusters;

/// <summary>What the built-in nodes hold to, silos do.</summary>
[Collection(PostgresCollection.Name)]
[Trait("needs", "foreign")]
public sealed class ExactnessTests(PostgresServer server) : ExactnessSuite(server);
