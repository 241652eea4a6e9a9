using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Enforcer.Cli.Tests.Support;

namespace Enforcer.Cli.Tests.Commands;

/// <summary>A whole cluster in one command.</summary>
public sealed class ClusterUpTests : IDisposable
{
    // PostgreSQL runs as another user than root, who must get there.
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"enforcer-up-{Guid.NewGuid():N}"[..24])).FullName;

    [Fact]
    [Trait("needs", "foreign")]
    public async Task Nodes_start_on_one_database_stop_cleanly_and_start_again_on_their_data()
    {
        using var cli = new Support.Cli();
        var (first, token) = await StartAsync(cli);
        cli.Variables["ENFORCER_TOKEN"] = token;
        cli.Variables["ENFORCER_SERVER"] = first.Node1;
        (await cli.RunAsync("accounts", "create", "acme", "--cap", "5")).Succeeded();
        // A second one in the same folder is refused, and does the first no harm.
        (await cli.RunAsync("cluster", "up", "--nodes", "2", "--folder", _folder)).FailedWith(1, "a cluster runs in", "--folder");
        Assert.Contains("acme", (await cli.RunAsync("accounts", "list")).Succeeded().Out, StringComparison.Ordinal);
        // One that dies is there again, at its old address.
        var (address, process) = await NodeAsync(cli, "node-2", static _ => true);
        Kill(process);
        Assert.Equal(address, (await NodeAsync(cli, "node-2", now => now != process)).Address);
        (await first.StopAsync()).Succeeded();

        await using var watcher = new LineWatcher();
        await using var notes = new LineWatcher();
        using var ctrlC = new CancellationTokenSource();
        var again = cli.RunAsync(["cluster", "up", "--nodes", "2", "--folder", _folder], ctrlC.Token, watcher, notes);
        cli.Variables["ENFORCER_SERVER"] = (await watcher.AfterAsync("node-2")).Split(' ')[0];
        await watcher.AfterAsync("The admin token was shown at the first start.");
        Assert.Contains("acme", (await cli.RunAsync("accounts", "list")).Succeeded().Out, StringComparison.Ordinal);
        // It is stopped as well while a node is coming up again.
        Kill((await NodeAsync(cli, "node-2", static _ => true)).Process);
        await notes.AfterAsync("node-2 has ended");
        await ctrlC.CancelAsync();
        (await again).Succeeded();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("17")]
    public async Task The_number_of_nodes_has_bounds(string nodes)
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("cluster", "up", "--nodes", nodes, "--folder", _folder)).FailedWith(2, "--nodes", "1 to 16");
    }

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_is_refused()
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("cluster", "up", "--folder", Path.Combine(_folder, new string('x', 100)))).FailedWith(2, "--folder", "shorter one");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(Running Cluster, string Token)> StartAsync(Support.Cli cli)
    {
        var watcher = new LineWatcher();
        var ctrlC = new CancellationTokenSource();
        var running = cli.RunAsync(["cluster", "up", "--nodes", "2", "--folder", _folder], ctrlC.Token, watcher);
        var greeted = watcher.AfterAsync("node-1");
        if (await Task.WhenAny(greeted, running) == running) Assert.Fail((await running).Error);
        var node1 = (await greeted).Split(' ')[0];
        return (new Running(node1, ctrlC, running), "enf_admin_" + await watcher.AfterAsync("enf_admin_"));
    }

    private static void Kill(string process) => Process.GetProcessById(int.Parse(process.Split('/')[^1], CultureInfo.InvariantCulture)).Kill();

    /// <summary>Where a node serves and which process it is, as soon as that is as wanted.</summary>
    private static async Task<(string Address, string Process)> NodeAsync(Support.Cli cli, string name, Func<string, bool> isWanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var node = (await cli.RunAsync("nodes", "--json")).Succeeded().Json.FirstOrDefault(one => one.GetProperty("node").GetString() == name);
            if (node.ValueKind == JsonValueKind.Object && node.GetProperty("status").GetString() == "NODE_SERVING" && isWanted(node.GetProperty("process").GetString()!))
                return (node.GetProperty("address").GetString()!, node.GetProperty("process").GetString()!);
            await Task.Delay(50, patience.Token);
        }
    }

    private sealed record Running(string Node1, CancellationTokenSource CtrlC, Task<CliResult> Ending)
    {
        public async Task<CliResult> StopAsync()
        {
            await CtrlC.CancelAsync();
            CtrlC.Dispose();
            return await Ending;
        }
    }
}
