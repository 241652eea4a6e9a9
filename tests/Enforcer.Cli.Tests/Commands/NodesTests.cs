using Enforcer.Cli.Tests.Support;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Commands;

public sealed class NodesTests : IAsyncLifetime
{
    private FakeServer _server = null!;

    public async Task InitializeAsync() => _server = await FakeServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Nodes_are_listed_with_what_is_wrong()
    {
        _server.On<ListNodesRequest>(_ => Nodes(
            new NodeView { Node = "n1", Status = NodeStatus.NodeServing, Accounts = 1_200, Batches = 10, Records = 150, Address = "http://n1:7070/" },
            new NodeView { Node = "n2", Status = NodeStatus.NodeSilent, ClockSkewMs = 3_600_000 }));
        var result = await RunAsync("nodes");
        Assert.Contains("n1    serving     1,200", result.Out, StringComparison.Ordinal);
        Assert.Contains("silent", result.Out, StringComparison.Ordinal);
        Assert.Contains("n2: its clock differs from the database's by 01:00:00", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draining_waits_until_the_node_owns_nothing()
    {
        var left = 3L;
        _server
            .On<DrainNodeRequest>(request => new NodeView { Node = request.Node, Status = NodeStatus.NodeDraining, Accounts = left })
            .On<ListNodesRequest>(_ => Nodes(
                new NodeView { Node = "n1", Status = NodeStatus.NodeServing }, new NodeView { Node = "n2", Status = NodeStatus.NodeDraining, Accounts = --left }));
        var result = await RunAsync("drain", "n2");
        Assert.Equal(0, left);
        Assert.Contains("can be stopped", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draining_the_last_node_is_told_the_way_out()
    {
        _server
            .On<DrainNodeRequest>(request => new NodeView { Node = request.Node, Status = NodeStatus.NodeDraining, Accounts = 3 })
            .On<ListNodesRequest>(_ => Nodes(new NodeView { Node = "n1", Status = NodeStatus.NodeDraining, Accounts = 3 }));
        var result = await RunAsync("drain", "n1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("enforcer drain n1 --undo", result.Error, StringComparison.Ordinal);
    }

    private async Task<CliResult> RunAsync(params string[] args)
    {
        using var cli = Support.Cli.For(_server);
        return await cli.RunAsync(args);
    }

    private static ListNodesResponse Nodes(params NodeView[] nodes) => new() { Nodes = { nodes } };
}
