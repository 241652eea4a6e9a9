using Enforcer.Access;
using Enforcer.Storage.Postgres;
using Enforcer.Storage.Postgres.Tests.Support;
using Enforcer.Testing.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>Nodes over one real database and a network in memory.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private readonly Dictionary<string, TestNode> _nodes = [];
    private readonly List<PostgresMembers> _members = [];
    private readonly string _database;

    private PostgresCluster(string database) => _database = database;

    public MemoryNetwork Network { get; } = new();

    public TestNode this[string name] => _nodes[name];

    public IEnumerable<TestNode> Nodes => _nodes.Values;

    public static async Task<PostgresCluster> StartAsync(PostgresServer server, params string[] names)
    {
        var cluster = new PostgresCluster(await server.NewDatabaseAsync());
        // A directory makes the tables.
        var options = new PostgresOptions { ConnectionString = cluster._database, Node = "tables" };
        await (await PostgresDirectory.OpenAsync(options, new DirectoryOptions(), TimeProvider.System, NullLogger.Instance)).DisposeAsync();
        foreach (var name in names) await cluster.AddAsync(name);
        await cluster.SeesAsync(names);
        return cluster;
    }

    public async Task<TestNode> AddAsync(string name)
    {
        var options = new PostgresOptions { ConnectionString = _database + ";Pooling=true", Node = name };
        var store = PostgresJournalStore.ForNode(options);
        var members = new PostgresMembers(options);
        _members.Add(members);
        var ports = new ClusterPorts(store, store.Ownership, members, Network.Of(name));
        return _nodes[name] = await TestNode.StartAsync(name, ports, Network, TimeProvider.System);
    }

    public Task SeesAsync(params string[] names) => Eventually.Async(
        () => _nodes.Where(pair => names.Contains(pair.Key)).All(pair => pair.Value.Cluster.View.Places == string.Join(' ', names.Order(StringComparer.Ordinal))),
        "all see " + string.Join(' ', names));

    public async Task<long> CountAsync(string node) => (await _nodes.Values.First().Cluster.CountAccountsAsync()).GetValueOrDefault(node);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values) await node.DisposeAsync();
        foreach (var members in _members) await members.DisposeAsync();
    }
}
