using System.Diagnostics;
using System.Globalization;
using Enforcer.LoadTests.Edges;
using Enforcer.Storage.Postgres;

namespace Enforcer.LoadTests.Processes;

/// <summary>Some nodes, each a process, on one database with accounts in it.</summary>
internal sealed class NodeGroup : IAsyncDisposable
{
    /// <summary>How far from its fair share of the accounts a node may be. Where an account belongs is a matter of hashes.</summary>
    private const double Uneven = 1.2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ServerProcess> _nodes = [];
    private readonly int _databaseProcessId;

    private NodeGroup(DataPlace data, int databaseProcessId) => (Data, _databaseProcessId) = (data, databaseProcessId);

    /// <summary>The node that owns all accounts before there are others.</summary>
    public static string FirstNode { get; } = NameOf(0);

    public DataPlace Data { get; }

    /// <summary>All nodes; edges are spread over them.</summary>
    public Target Target => _nodes[0].Target with
    {
        Others = [.. _nodes.Skip(1).Select(node => node.Target.Address)],
        OtherProcessIds = [.. _nodes.Skip(1).Select(node => node.Target.ProcessId)],
        DatabaseProcessId = _databaseProcessId,
    };

    /// <summary>What the nodes have printed last.</summary>
    public string Output => string.Join('\n', _nodes.Select(node => node.Output));

    /// <summary>Starts the nodes; when this completes, each of them serves its share of the accounts.</summary>
    public static async Task<NodeGroup> StartAsync(string? program, string database, int databaseProcessId, int nodes, CancellationToken cancellation)
    {
        var group = new NodeGroup(DataPlace.On(database) with { Node = FirstNode }, databaseProcessId);
        try
        {
            for (var number = 0; number < nodes; number++)
            {
                var place = group.Data with { Node = NameOf(number) };
                group._nodes.Add(await ServerProcess.StartAsync(program, place, number == 0 ? null : group._nodes[0].Target.Token).ConfigureAwait(false));
            }

            await group.WaitUntilSpreadAsync(cancellation).ConfigureAwait(false);
            return group;
        }
        catch
        {
            await group.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What all nodes have done so far.</summary>
    public async Task<NodeTraffic> ReadTrafficAsync() => new(
        Commands: await SumAsync("enforcer_commands_total").ConfigureAwait(false),
        AnswerFrames: await SumAsync("enforcer_call_duration_seconds_count").ConfigureAwait(false),
        PassedOn: await SumAsync("enforcer_cluster_passed_on_total").ConfigureAwait(false),
        PeerFrames: await SumAsync("enforcer_cluster_peer_frames_total").ConfigureAwait(false),
        Batches: await SumAsync("enforcer_journal_batches_total").ConfigureAwait(false));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<double> SumAsync(string metric)
    {
        var sum = 0.0;
        foreach (var node in _nodes)
        {
            sum += await ServerMetrics.ReadAsync(node.Target.HttpAddress, metric).ConfigureAwait(false) ?? 0;
        }

        return sum;
    }

    private static string NameOf(int number) => "node-" + (number + 1).ToString(CultureInfo.InvariantCulture);

    private async Task WaitUntilSpreadAsync(CancellationToken cancellation)
    {
        await using var store = PostgresJournalStore.ReadNode(new PostgresOptions { ConnectionString = Data.Postgres!, Node = FirstNode });
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var counts = await store.Ownership.CountAsync(cancellation).ConfigureAwait(false);
            if (counts.Count == _nodes.Count && counts.Values.Max() * counts.Count <= counts.Values.Sum() * Uneven)
                return;
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"the accounts were not spread over {_nodes.Count} nodes after {Patience.TotalSeconds:0} s:\n{Output}");
            await Task.Delay(100, cancellation).ConfigureAwait(false);
        }
    }
}
