using Enforcer.Storage.Postgres.Tests.Support;

// The shared suite knows a cluster by this name.
namespace Enforcer.Cluster.Tests.Support;

/// <summary>Silos over one database.</summary>
internal sealed class PostgresCluster(string database) : IAsyncDisposable
{
    private readonly Dictionary<string, TestNode> _nodes = [];

    public string Database { get; } = database;

    public TestNode this[string name] => _nodes[name];

    public IEnumerable<TestNode> Nodes => _nodes.Values;

    public static async Task<PostgresCluster> StartAsync(PostgresServer server, params string[] names)
    {
        var cluster = new PostgresCluster(await server.NewDatabaseAsync());
        foreach (var name in names) await cluster.AddAsync(name);
        return cluster;
    }

    /// <summary>Adds a silo; one with another cluster's name does not see the others.</summary>
    public async Task<TestNode> AddAsync(string name, string clusterId = "test") => _nodes[name] = await TestNode.StartAsync(Database, name, clusterId);

    /// <summary>A silo that is gone without a word; disposing of the cluster does not touch it any more.</summary>
    public async Task<TestNode> FreezeAsync(string name)
    {
        _nodes.Remove(name, out var node);
        await node!.FreezeAsync();
        return node;
    }

    public async Task<long> CountAsync(string node) => (await _nodes.Values.First().Ownership.CountAsync(default)).GetValueOrDefault(node);

    /// <summary>Stops a silo as an operator does.</summary>
    public async Task RemoveAsync(string name)
    {
        _nodes.Remove(name, out var node);
        await node!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values) await node.DisposeAsync();
    }
}
