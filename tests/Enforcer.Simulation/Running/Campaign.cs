using System.Diagnostics;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Running;

/// <summary>Many worlds, on all processors; what they were adds up.</summary>
internal sealed class Campaign(ulong from, long seeds, int threads)
{
    private readonly Lock _gate = new();
    private readonly List<SimulationResult> _failures = [];
    private readonly Stopwatch _watch = new();
    private long _next;
    private long _done;

    public long Done => Interlocked.Read(ref _done);

    public long Ticks { get; private set; }

    public long Events { get; private set; }

    public long Entries { get; private set; }

    public long Answers { get; private set; }

    public long Faults { get; private set; }

    /// <summary>Seconds since it began.</summary>
    public decimal Seconds => _watch.ElapsedMilliseconds / 1_000m;

    public decimal SimulatedSeconds => Ticks / (decimal)World.Second;

    /// <summary>The worlds in which a promise was broken, the lowest seed first.</summary>
    public IReadOnlyList<SimulationResult> Failures
    {
        get
        {
            lock (_gate) return [.. _failures.OrderBy(static failure => failure.Seed)];
        }
    }

    /// <summary>Runs all of them, or until one has failed and the others under way have ended.</summary>
    public void Run(bool stopsAtFailure)
    {
        _watch.Start();
        var workers = Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
            () => SimulationThread.Run(() => Work(stopsAtFailure)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(workers);
        _watch.Stop();
    }

    private void Work(bool stopsAtFailure)
    {
        while (Interlocked.Increment(ref _next) is var number && number <= seeds)
        {
            var result = Scenario.Run(from + (ulong)(number - 1));
            lock (_gate)
            {
                _done++;
                Ticks += result.Ticks;
                Events += result.Events;
                Entries += result.Entries;
                Answers += result.Answers;
                Faults += result.Faults;
                if (result.Violation is null) continue;
                _failures.Add(result);
            }
            if (stopsAtFailure) Interlocked.Add(ref _next, seeds);
        }
    }
}
