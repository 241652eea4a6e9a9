using System.CommandLine;
using System.Diagnostics;
using Enforcer.LoadTests.Commands;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals;
using Npgsql;

namespace Enforcer.LoadTests.Chaos;

/// <summary>Several nodes and their PostgreSQL, which lies on a disk of its own, with everything that can be broken about them.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>What the database may grow to; the file behind it is as large as what is in it.</summary>
    private const int DiskMegabytes = 16 * 1024;

    /// <summary>Short, so that what is in the way of a full disk is data and not the log, or the log itself, as it comes.</summary>
    private const string MaxWal = "256MB";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _answers = new();
    private readonly SmallDisk _disk;
    private readonly PostgresCluster _database;
    private string _token = "";

    private ChaosCluster(SmallDisk disk, PostgresCluster database)
    {
        _disk = disk;
        _database = database;
    }

    public IReadOnlyList<ClusterProcess> Nodes { get; private set; } = [];

    public SmallDisk Disk => _disk;

    public PostgresCluster Database => _database;

    /// <summary>Where the data is, past all links.</summary>
    public DataPlace Data => DataPlace.On(_database.ConnectionString) with { Node = ClusterProcess.NameOf(0) };

    public string AnswersFolder => _answers.Path;

    /// <summary>What clients know: all nodes, through links that can be broken.</summary>
    public Target Target => new(Nodes[0].Address, Nodes[0].HttpAddress, _token, 0) { Others = [.. Nodes.Skip(1).Select(node => node.Address)] };

    public string Output => string.Join('\n', Nodes.Select(node => $"--- {node.Name}\n{node.Output}"));

    public double CpuSeconds => Nodes.Sum(node => node.CpuSeconds) + (_database.ProcessId is > 0 and var id ? ProcessTree.CpuSeconds(id) : 0);

    /// <summary>Runs a test on a cluster of its own and ends that, however the test goes.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="report">Gets what is found.</param>
    /// <param name="settings">How many nodes and accounts.</param>
    /// <param name="logs">Where to keep what the nodes print; null for nowhere.</param>
    /// <param name="test">The test.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The exit status.</returns>
    public static async Task<int> UseAsync(
        ParseResult parsed, Report report, ChaosSettings settings, string? logs, Func<ChaosCluster, Task> test, CancellationToken cancellation)
    {
        ChaosCluster? cluster = null;
        try
        {
            return await Reporting.RunAsync(parsed, report, () => cluster?.Output, async () =>
            {
                cluster = await StartAsync(parsed.GetValue(CommonOptions.Enforcer), settings, logs, cancellation).ConfigureAwait(false);
                await test(cluster).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        finally
        {
            if (cluster is not null)
                await cluster.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Starts all of it, with accounts 0 to n-1.</summary>
    /// <param name="program">The enforcer program; null for the one of this build.</param>
    /// <param name="settings">How many nodes and accounts.</param>
    /// <param name="logs">Where to keep what the nodes print; null for nowhere.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ChaosCluster> StartAsync(string? program, ChaosSettings settings, string? logs, CancellationToken cancellation)
    {
        var accounts = settings.Accounts + ChaosSettings.Probed;
        var disk = await SmallDisk.MountAsync(DiskMegabytes).ConfigureAwait(false);
        PostgresCluster? database = null;
        ChaosCluster? cluster = null;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(disk.Path, "postgres")).FullName;
            database = await PostgresCluster.StartAsync(folder, MaxWal).ConfigureAwait(false);
            cluster = new ChaosCluster(disk, database);
            await Display.FollowAsync($"making {accounts:N0} accounts", () => 0, DataSeed.CreateAsync(cluster.Data, accounts, settings.CapNanos, null, cancellation)).ConfigureAwait(false);
            await cluster.StartNodesAsync(program ?? ServerProcess.FindProgram(), settings.Nodes, logs, cancellation).ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            if (cluster is not null)
                await cluster.DisposeAsync().ConfigureAwait(false);
            else
                await EndAsync(database, disk).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Connects to the database past all links.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false;Timeout=5;Command Timeout=5");
        try
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until every node says that it is ready.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        foreach (var node in Nodes)
        {
            await node.WaitUntilReadyAsync(Patience, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the nodes with kill -9, so that the journal is at rest.</summary>
    public async Task StopNodesAsync() => await Task.WhenAll(Nodes.Select(node => node.KillAsync())).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask())).ConfigureAwait(false);
        await EndAsync(_database, _disk).ConfigureAwait(false);
        _answers.Dispose();
    }

    private static async Task EndAsync(PostgresCluster? database, SmallDisk disk)
    {
        if (database is not null)
            await database.DisposeAsync().ConfigureAwait(false);
        await disk.DisposeAsync().ConfigureAwait(false);
    }

    private async Task StartNodesAsync(string program, int nodes, string? logs, CancellationToken cancellation)
    {
        if (logs is not null)
            Directory.CreateDirectory(logs);
        Nodes = [.. Enumerable.Range(0, nodes).Select(number =>
            new ClusterProcess(program, number, _database.Port, () => [.. Nodes.Select(node => node.ProcessId)], nodes, logs))];
        // The first one makes the tables and the token.
        Nodes[0].Start();
        await Nodes[0].WaitUntilReadyAsync(Patience, cancellation).ConfigureAwait(false);
        var started = Stopwatch.GetTimestamp();
        while (ServerProcess.TokenIn(Nodes[0].Output) is not { } token || (_token = token).Length == 0)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"no first token was told by {Nodes[0].Name}:\n{Nodes[0].Output}");
            await Task.Delay(10, cancellation).ConfigureAwait(false);
        }

        foreach (var node in Nodes.Skip(1))
        {
            node.Start();
        }

        await WaitUntilReadyAsync(cancellation).ConfigureAwait(false);
    }
}
