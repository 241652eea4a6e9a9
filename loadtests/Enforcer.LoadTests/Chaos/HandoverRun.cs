using System.Diagnostics;
using Enforcer.Client;
using Enforcer.LoadTests.Commands;
using Enforcer.LoadTests.Measuring;
using Enforcer.Protocol.V1;
using Npgsql;

namespace Enforcer.LoadTests.Chaos;

/// <summary>Moves accounts under load, planned and unplanned, one node at a time with nothing else going on.</summary>
internal sealed class HandoverRun(ChaosSettings settings, ChaosCluster cluster, Report report)
{
    private const double MostMoveMs = 100;
    private const double MostReplacedMs = 3_000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<(long From, long To)> _firstMoves = [];
    private readonly List<(long From, long To)> _moves = [];
    private readonly List<(long At, HashSet<int> Accounts)> _kills = [];

    public async Task RunAsync(int rounds, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource();
        var epochs = new EpochWatch(cluster);
        var watching = epochs.RunAsync(over.Token);
        var fleet = settings.FleetOn(cluster);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var load = fleet.RunAsync(null, ending.Token);
        try
        {
            await Task.Delay(Settling, cancellation).ConfigureAwait(false);
            await DrainAllAsync(rounds, cancellation).ConfigureAwait(false);
            await KillAllAsync(rounds, cancellation).ConfigureAwait(false);
            fleet.Stop();
            var result = await load.WaitAsync(Patience, cancellation).ConfigureAwait(false);
            Reporting.SetLoad(report, result with { Cpu = result.Cpu with { ServerSeconds = cluster.CpuSeconds } });
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)load).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await over.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await cluster.StopNodesAsync().ConfigureAwait(false);
        await ClusterProof.RunAsync(cluster, epochs, report, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Each node is drained once before: processes that have just started compile the code for it while calls wait, which says nothing of a cluster that has run
    /// for a while. What that took is told beside.
    /// </summary>
    private async Task DrainAllAsync(int rounds, CancellationToken cancellation)
    {
        var (firsts, all) = (cluster.Nodes.Count, cluster.Nodes.Count + rounds);
        await using var calls = new CallTeam(cluster.Target, settings.Accounts, ChaosSettings.Probed, settings.Seed);
        using var operators = new EnforcerOperator(new EnforcerClientOptions
        {
            Endpoints = [.. cluster.Target.Addresses.Select(address => address.GetLeftPart(UriPartial.Authority))],
            Token = cluster.Target.Token,
        });
        await Task.Delay(Settling, cancellation).ConfigureAwait(false);
        var done = 0;
        await Display.FollowAsync($"draining {all} times", () => (double)done / all, EachAsync()).ConfigureAwait(false);
        await calls.StopAsync().ConfigureAwait(false);
        PutMoves(calls);

        async Task EachAsync()
        {
            for (; done < all; done++)
            {
                var node = cluster.Nodes[done % firsts].Name;
                (done < firsts ? _firstMoves : _moves).Add(await DrainAsync(operators, node, cancellation).ConfigureAwait(false));
                await Task.Delay(Settling, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>All accounts of a node go to the others, and its share comes back; says from when to when.</summary>
    private async Task<(long From, long To)> DrainAsync(EnforcerOperator operators, string node, CancellationToken cancellation)
    {
        var from = Stopwatch.GetTimestamp();
        await operators.DrainNodeAsync(new DrainNodeRequest { Node = node }, cancellation).ConfigureAwait(false);
        await WaitAsync(operators, node, accounts => accounts == 0, cancellation).ConfigureAwait(false);
        await operators.DrainNodeAsync(new DrainNodeRequest { Node = node, Undo = true }, cancellation).ConfigureAwait(false);
        var share = (settings.Accounts + ChaosSettings.Probed) / settings.Nodes / 2;
        await WaitAsync(operators, node, accounts => accounts >= share, cancellation).ConfigureAwait(false);
        return (from, Stopwatch.GetTimestamp());
    }

    private static async Task WaitAsync(EnforcerOperator operators, string node, Func<long, bool> isDone, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var nodes = (await operators.ListNodesAsync(new ListNodesRequest(), cancellation).ConfigureAwait(false)).Nodes;
            var accounts = nodes.Single(one => one.Node == node).Accounts;
            if (isDone(accounts))
                return;
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"{node} still has {accounts} accounts {Patience.TotalSeconds:0} s after it was drained, or got its share back");
            await Task.Delay(100, cancellation).ConfigureAwait(false);
        }
    }

    private void PutMoves(CallTeam calls)
    {
        var during = TimesDuring(_moves, calls);
        var errors = calls.Probes.Sum(probe => probe.Failures.Count);
        report["planned_moves"] = _moves.Count;
        report["move_errors"] = errors;
        report["calls_during_moves"] = during.Count;
        report["call_during_moves_ms"] = FaultFigures.Spread(during);
        report["call_during_first_moves_ms"] = FaultFigures.Spread(TimesDuring(_firstMoves, calls));
        var p99 = Percentile99Ms(during);
        report.Set("move_p99_ms", p99);
        report.Set("move_p99_ms_at_most", MostMoveMs);
        if (errors > 0)
            report.Fail($"{errors} calls failed during planned moves, the last with {calls.LastFailure}");
    }

    private static List<TimeSpan> TimesDuring(List<(long From, long To)> moves, CallTeam calls) =>
    [
        .. calls.Probes.SelectMany(probe => probe.Calls).Where(call => moves.Any(move => call.Answered >= move.From && call.Made <= move.To))
            .Select(call => Stopwatch.GetElapsedTime(call.Made, call.Answered)),
    ];

    private async Task KillAllAsync(int rounds, CancellationToken cancellation)
    {
        await using var probes = new ProbeTeam(cluster.Target, settings.Accounts, ChaosSettings.Probed);
        await Task.Delay(Settling, cancellation).ConfigureAwait(false);
        var done = 0;
        await Display.FollowAsync($"killing {rounds} times", () => (double)done / rounds, EachAsync()).ConfigureAwait(false);
        await probes.StopAsync().ConfigureAwait(false);
        PutKills(probes);

        async Task EachAsync()
        {
            for (; done < rounds; done++)
            {
                await KillAsync(cluster.Nodes[done % cluster.Nodes.Count], cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task KillAsync(ClusterProcess node, CancellationToken cancellation)
    {
        var accounts = await ReadProbedAsync(node.Name, cancellation).ConfigureAwait(false);
        _kills.Add((Stopwatch.GetTimestamp(), accounts));
        await node.KillAsync().ConfigureAwait(false);
        // Long enough for the others to have everything before it comes back.
        await Task.Delay(Settling * 2, cancellation).ConfigureAwait(false);
        node.Up();
        await node.WaitUntilReadyAsync(Patience, cancellation).ConfigureAwait(false);
        await Task.Delay(Settling * 2, cancellation).ConfigureAwait(false);
    }

    /// <summary>Which probed accounts a node owns.</summary>
    private async Task<HashSet<int>> ReadProbedAsync(string node, CancellationToken cancellation)
    {
        await using var connection = await cluster.ConnectAsync(cancellation).ConfigureAwait(false);
        await using var command = new NpgsqlCommand("SELECT h.account FROM enforcer.heads h JOIN enforcer.nodes n ON n.node = h.node WHERE n.name = $1", connection);
        command.Parameters.AddWithValue(node);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var accounts = new HashSet<int>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            // The directory counts accounts from 1.
            accounts.Add((int)reader.GetInt64(0) - 1);
        }

        return accounts;
    }

    private void PutKills(ProbeTeam probes)
    {
        var times = new List<TimeSpan>();
        foreach (var (at, accounts) in _kills)
        {
            for (var i = 0; i < probes.Probes.Count; i++)
            {
                if (accounts.Contains(settings.Accounts + i))
                    times.Add(Unavailability.UntilAnswered(probes.Probes[i].Calls, at));
            }
        }

        report["kills"] = _kills.Count;
        report["accounts_of_killed_nodes"] = times.Count;
        report["answered_elsewhere_ms"] = FaultFigures.Spread(times);
        report["probed_failures"] = probes.Probes.Sum(probe => probe.Failures.Count);
        report.Set("replaced_p99_ms", Percentile99Ms(times));
        report.Set("replaced_p99_ms_at_most", MostReplacedMs);
        if (times.Count == 0)
            report.Fail("no probed account was on a node that was killed: nothing was measured");
    }

    private static double Percentile99Ms(List<TimeSpan> times)
    {
        var histogram = new Histogram();
        times.ForEach(time => histogram.Record(time.Ticks * 100));
        return histogram.Percentile(99) / 1_000_000.0;
    }
}
