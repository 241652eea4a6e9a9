using System.Diagnostics;
using System.Text.Json.Nodes;
using Enforcer.LoadTests.Commands;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Chaos;

/// <summary>Load and faults on a cluster, then the proof that nothing was lost, doubled, forked or overspent.</summary>
internal sealed class ChaosRun(ChaosSettings settings, ChaosCluster cluster, Report report)
{
    /// <summary>After the last fault everything must be answered within this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>With nothing broken any more, load goes on for so long.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource();
        var epochs = new EpochWatch(cluster);
        var watching = epochs.RunAsync(over.Token);
        try
        {
            await MakeTroubleAsync(cancellation).ConfigureAwait(false);
            await Repeats.RunAsync(cluster.Target, cluster.AnswersFolder, settings.Accounts, report, cancellation).ConfigureAwait(false);
            await Display.FollowAsync("waiting for what nobody came back to", () => 0, Task.Delay(ProbeTeam.Ttl + Settling, cancellation)).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await cluster.StopNodesAsync().ConfigureAwait(false);
        var findings = await ClusterProof.RunAsync(cluster, epochs, report, cancellation).ConfigureAwait(false);
        if (findings.OverdueReservations > 0)
            report.Fail($"{findings.OverdueReservations} reservations are still open although their time is over");
    }

    private async Task MakeTroubleAsync(CancellationToken cancellation)
    {
        var plan = FaultPlan.Draw(settings.Seed, settings.Kinds, settings.Faults, settings.Length, settings.Nodes);
        var series = new FaultSeries(cluster, plan);
        var fleet = settings.FleetOn(cluster);
        await using var probes = new ProbeTeam(cluster.Target, settings.Accounts, ChaosSettings.Probed);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var load = fleet.RunAsync(null, ending.Token);
        try
        {
            await Task.Delay(Settling, cancellation).ConfigureAwait(false);
            await Display.FollowAsync(
                $"{plan.Count} faults in {settings.Length.TotalSeconds:0} s", () => (double)series.Done.Count / plan.Count, series.RunAsync(cancellation)).ConfigureAwait(false);
            await cluster.WaitUntilReadyAsync(cancellation).ConfigureAwait(false);
            await Task.Delay(Settling, cancellation).ConfigureAwait(false);
            fleet.Stop();
            await AnswerAllAsync(load).ConfigureAwait(false);
            await probes.StopAsync().ConfigureAwait(false);
            PutLoad(fleet, await load.ConfigureAwait(false));
            PutFaults(series.Done, probes);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)load).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task AnswerAllAsync(Task load)
    {
        try
        {
            await load.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Patience.TotalSeconds:0} s after the last fault there are commands without an answer");
        }
    }

    private void PutLoad(Fleet fleet, LoadResult result)
    {
        Reporting.SetLoad(report, result with { Cpu = result.Cpu with { ServerSeconds = cluster.CpuSeconds } });
        report["retries"] = fleet.Retries;
        report["silences"] = fleet.Silences;
        report["unexplained_failures"] = fleet.Puzzles.Count;
        if (fleet.Puzzles is { Count: > 0 } puzzles)
            report.Fail($"{puzzles.Count} calls failed with a status that tells nothing, the last with: {puzzles.Last}");
        if (fleet.Silences > 0)
            report.Fail($"{fleet.Silences} times a node that was connected owed answers for over 10 s");
    }

    private void PutFaults(IReadOnlyList<FaultRecord> faults, ProbeTeam probes)
    {
        var seen = new Unavailability(probes.Probes);
        report["faults"] = faults.Count;
        report["faults_by_kind"] = FaultFigures.ByKind(faults, seen);
        report["fault_series"] = new JsonArray([.. faults.OrderBy(fault => fault.Began).Select(fault => (JsonNode)Describe(fault, seen, faults[0].Began))]);
        report["unavailable_ms"] = FaultFigures.Spread(faults.Select(seen.Longest));
        report["probed_calls"] = probes.Probes.Sum(probe => probe.Calls.Count);
        report["probed_failures"] = probes.Probes.Sum(probe => probe.Failures.Count);
        report["probed_refusals"] = probes.Refused;
        report["node_starts"] = cluster.Nodes.Sum(node => node.Starts);
        report["node_own_ends"] = cluster.Nodes.Sum(node => node.OwnEnds);
        report["node_last_words"] = new JsonArray([.. cluster.Nodes.SelectMany(node => node.Ends).Select(end => (JsonNode)end)]);
        foreach (var missing in settings.Kinds.Where(kind => settings.Faults >= settings.Kinds.Count && faults.All(fault => fault.Plan.Kind != kind)))
        {
            report.Fail($"no fault of the kind {missing} was made");
        }

        if (probes.Refused > 0)
            report.Fail($"{probes.Refused} calls were refused although their accounts have room");
    }

    private static JsonObject Describe(FaultRecord fault, Unavailability seen, long start) => new()
    {
        ["number"] = fault.Plan.Number,
        ["kind"] = fault.Plan.Kind.ToString(),
        ["node"] = fault.Plan.Node,
        ["other"] = fault.Plan.Other,
        ["link"] = fault.Plan.Link.ToString(),
        ["harsh"] = fault.Plan.IsHarsh,
        ["began_ms"] = Ms(fault.Began - start),
        ["healed_ms"] = Ms(fault.Healed - start),
        ["over_ms"] = Ms(fault.Over - start),
        ["unavailable_ms"] = Math.Round(seen.Longest(fault).TotalMilliseconds),
    };

    private static double Ms(long timestamps) => Math.Round(Stopwatch.GetElapsedTime(0, timestamps).TotalMilliseconds);
}
