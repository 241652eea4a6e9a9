using System.Diagnostics;
using System.Globalization;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Npgsql;

namespace Enforcer.LoadTests.Chaos;

/// <summary>Does one fault to a cluster, undoes it and waits until what it hit is ready again.</summary>
internal sealed class Saboteur(ChaosCluster cluster)
{
    private const int MostFlushMicros = 100_000;
    private const int LeastFlushMicros = 20_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Knowing = TimeSpan.FromSeconds(2);

    public async Task<FaultRecord> DoAsync(PlannedFault fault, CancellationToken cancellation)
    {
        var (began, starts) = (Stopwatch.GetTimestamp(), fault.Node < 0 ? 0 : cluster.Nodes[fault.Node].Starts);
        await BreakAsync(fault, cancellation).ConfigureAwait(false);
        await Task.Delay(fault.Kind == FaultKind.KillNode && fault.IsHarsh ? TimeSpan.Zero : fault.Length, cancellation).ConfigureAwait(false);
        await HealAsync(fault, cancellation).ConfigureAwait(false);
        var healed = Stopwatch.GetTimestamp();
        if (fault.Kind == FaultKind.Zombie)
            await WaitForEndAsync(cluster.Nodes[fault.Node], starts, cancellation).ConfigureAwait(false);
        if (fault.IsOfDatabase)
            await cluster.WaitUntilReadyAsync(cancellation).ConfigureAwait(false);
        else
            await cluster.Nodes[fault.Node].WaitUntilReadyAsync(Patience, cancellation).ConfigureAwait(false);
        return new FaultRecord(fault, began, healed, Stopwatch.GetTimestamp());
    }

    /// <summary>Who was replaced while it was frozen ends as soon as it knows; where nobody could replace it, it goes on.</summary>
    private static async Task WaitForEndAsync(ClusterProcess node, int starts, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (node.Starts == starts && Stopwatch.GetElapsedTime(since) < Knowing)
        {
            await Task.Delay(20, cancellation).ConfigureAwait(false);
        }
    }

    private Task BreakAsync(PlannedFault fault, CancellationToken cancellation) => fault.Kind switch
    {
        FaultKind.KillNode => cluster.Nodes[fault.Node].KillAsync(),
        FaultKind.Zombie or FaultKind.PauseNode => cluster.Nodes[fault.Node].FreezeAsync(),
        FaultKind.KillDatabase => cluster.Database.StopServerAsync(fault.IsHarsh),
        FaultKind.FreezeDatabase => Tool.SignalAsync("STOP", ProcessTree.Descendants(cluster.Database.ProcessId)),
        FaultKind.FullDisk => cluster.Disk.FillAsync(),
        FaultKind.SlowDisk => SetFlushDelayAsync(LeastFlushMicros + ((int)fault.Length.TotalMilliseconds * 20 % (MostFlushMicros - LeastFlushMicros)), cancellation),
        _ => SetLink(fault, fault.Link),
    };

    private async Task HealAsync(PlannedFault fault, CancellationToken cancellation)
    {
        switch (fault.Kind)
        {
            case FaultKind.KillNode:
                cluster.Nodes[fault.Node].Up();
                break;
            case FaultKind.Zombie or FaultKind.PauseNode:
                await cluster.Nodes[fault.Node].WakeAsync().ConfigureAwait(false);
                break;
            case FaultKind.KillDatabase:
                await cluster.Database.StartServerAsync().ConfigureAwait(false);
                break;
            case FaultKind.FreezeDatabase:
                await Tool.SignalAsync("CONT", ProcessTree.Descendants(cluster.Database.ProcessId)).ConfigureAwait(false);
                break;
            case FaultKind.FullDisk:
                cluster.Disk.Free();
                // It may have ended for want of room, or be about to: as after any crash somebody starts it again.
                await EnsureDatabaseAsync(cancellation).ConfigureAwait(false);
                break;
            case FaultKind.SlowDisk:
                await SetFlushDelayAsync(0, cancellation).ConfigureAwait(false);
                break;
            default:
                await SetLink(fault, LinkFault.None).ConfigureAwait(false);
                break;
        }
    }

    private Task SetLink(PlannedFault fault, LinkFault link)
    {
        var node = cluster.Nodes[fault.Node];
        switch (fault.Kind)
        {
            case FaultKind.CutNodes:
                // Either calls the other over a connection of its own.
                node.FromNodes.Set(link, fault.Other);
                cluster.Nodes[fault.Other].FromNodes.Set(Reverse(link), fault.Node);
                break;
            case FaultKind.CutClients:
                node.FromClients.Set(link);
                break;
            default:
                node.ToDatabase.Set(link);
                break;
        }

        return Task.CompletedTask;
    }

    /// <summary>What goes from one to the other is requests on the one connection and answers on the other one.</summary>
    private static LinkFault Reverse(LinkFault link) => link with { HoldsRequests = link.HoldsAnswers, HoldsAnswers = link.HoldsRequests };

    private async Task EnsureDatabaseAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (!cluster.Database.IsRunning)
                await cluster.Database.StartServerAsync().ConfigureAwait(false);
            try
            {
                await using var connection = await cluster.ConnectAsync(cancellation).ConfigureAwait(false);
                return;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(50, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task SetFlushDelayAsync(int micros, CancellationToken cancellation)
    {
        await using var connection = await cluster.ConnectAsync(cancellation).ConfigureAwait(false);
        string[] statements =
        [
            "ALTER SYSTEM SET commit_siblings = 0", // whether or not others commit as well
            "ALTER SYSTEM SET commit_delay = " + micros.ToString(CultureInfo.InvariantCulture),
            "SELECT pg_reload_conf()",
        ];
        foreach (var statement in statements)
        {
#pragma warning disable CA2100 // A number of ours is all that is put into them.
            await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }
}
