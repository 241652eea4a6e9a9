using System.Diagnostics;

namespace Enforcer.LoadTests.Chaos;

/// <summary>
/// Does a series of faults, each when it is due, at most a few at a time and never two to the same node or to the database. Healing is part of each; when this has completed,
/// nothing is broken any more.
/// </summary>
internal sealed class FaultSeries(ChaosCluster cluster, IReadOnlyList<PlannedFault> plan)
{
    private const int MostAtOnce = 2;
    private const int OfDatabase = -1;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(700);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly Saboteur _saboteur = new(cluster);
    private readonly List<FaultRecord> _done = [];
    private readonly HashSet<int> _busy = [];
    private readonly Lock _gate = new();

    /// <summary>Faults that are over, in the order of their ends.</summary>
    public IReadOnlyList<FaultRecord> Done
    {
        get
        {
            lock (_gate)
                return [.. _done];
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var running = new List<Task>();
        foreach (var fault in plan)
        {
            if (fault.At - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
                await Task.Delay(early, cancellation).ConfigureAwait(false);
            while (running.Count(task => !task.IsCompleted) >= MostAtOnce || !TryTake(fault))
            {
                await Task.WhenAny([Task.Delay(Poll, cancellation), .. running.Where(task => !task.IsCompleted)]).ConfigureAwait(false);
                cancellation.ThrowIfCancellationRequested();
            }

            running.Add(DoAsync(fault, cancellation));
            await ThrowFirstAsync(running).ConfigureAwait(false);
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task DoAsync(PlannedFault fault, CancellationToken cancellation)
    {
        try
        {
            var record = await _saboteur.DoAsync(fault, cancellation).ConfigureAwait(false);
            lock (_gate)
                _done.Add(record);
            // What was hit gets time to serve before it is hit again.
            await Task.Delay(Rest, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException($"fault {fault.Number} ({fault}) could not be done or undone: {failure.Message}", failure);
        }
        finally
        {
            Leave(fault);
        }
    }

    private static async Task ThrowFirstAsync(List<Task> running)
    {
        foreach (var over in running.Where(task => task.IsCompleted).ToList())
        {
            running.Remove(over);
            await over.ConfigureAwait(false);
        }
    }

    private bool TryTake(PlannedFault fault)
    {
        lock (_gate)
        {
            var needed = NeededBy(fault);
            if (needed.Any(_busy.Contains))
                return false;
            _busy.UnionWith(needed);
            return true;
        }
    }

    private void Leave(PlannedFault fault)
    {
        lock (_gate)
            _busy.ExceptWith(NeededBy(fault));
    }

    private static int[] NeededBy(PlannedFault fault)
    {
        if (fault.IsOfDatabase)
            return [OfDatabase];
        return fault.Other >= 0 ? [fault.Node, fault.Other] : [fault.Node];
    }
}
