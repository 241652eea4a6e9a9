using Enforcer.Testing.Cluster;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>Nodes over one database and network in memory.</summary>
internal sealed class MemoryCluster : IAsyncDisposable
{
    private readonly Dictionary<string, TestNode> _nodes = [];

    public MemoryDatabase Database { get; } = new();

    public MemoryNetwork Network { get; } = new();

    public TestNode this[string name] => _nodes[name];

    public IEnumerable<TestNode> Nodes => _nodes.Values;

    public static async Task<MemoryCluster> StartAsync(params string[] names)
    {
        var cluster = new MemoryCluster();
        foreach (var name in names) await cluster.AddAsync(name);
        await cluster.SeesAsync(names);
        return cluster;
    }

    public async Task<TestNode> AddAsync(string name, TimeProvider? clock = null, Func<IMembers, IMembers>? registry = null)
    {
        clock ??= TimeProvider.System;
        var store = new MemoryNodeStore(Database, name);
        IMembers members = new MemoryMembers(Database, name, TimeProvider.System);
        var ports = new ClusterPorts(store, new MemoryOwnership(Database, store, name), registry?.Invoke(members) ?? members, Network.Of(name));
        return _nodes[name] = await TestNode.StartAsync(name, ports, Network, clock);
    }

    /// <summary>Waits until every node sees exactly these as serving.</summary>
    public Task SeesAsync(params string[] names) => Eventually.Async(
        () => _nodes.Where(pair => names.Contains(pair.Key)).All(pair => pair.Value.Cluster.View.Places == string.Join(' ', names.Order(StringComparer.Ordinal))),
        "all see " + string.Join(' ', names));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values) await node.DisposeAsync();
    }
}
