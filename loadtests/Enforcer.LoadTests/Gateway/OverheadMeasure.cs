using System.Diagnostics;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Gateway;

/// <summary>What the edge adds: the same calls against the upstream itself and through the edge, in turns, in one run on one machine.</summary>
internal sealed class OverheadMeasure(GatewayArena arena, int requests, int atOnce, Report report)
{
    private const int Rounds = 4;
    private const int MaxTokens = 20;
    private const long FirstByteBarMicros = 2_000;
    private readonly Side _direct = new("direct"), _edge = new("edge");

    public async Task RunAsync()
    {
        var key = (await arena.CreateKeyAsync(long.MaxValue / 1_024).ConfigureAwait(false)).Secret;
        using var toUpstream = new Customer(arena.Upstream.Address);
        using var toEdge = new Customer(arena.Edge.Address);
        var sides = new[] { (Side: _direct, To: toUpstream), (Side: _edge, To: toEdge) };
        foreach (var (side, to) in sides)
            await RunAsync(side.Warm(), to, key, requests / 4, atOnce, stream: false).ConfigureAwait(false);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (side, to) in sides)
            {
                await RunAsync(side, to, key, requests / Rounds, atOnce, stream: false).ConfigureAwait(false);
                await RunAsync(side, to, key, requests / Rounds / 10, 1, stream: false).ConfigureAwait(false);
                await RunAsync(side, to, key, requests / Rounds / 10, 1, stream: true).ConfigureAwait(false);
            }
        }

        Tell();
    }

    private static async Task RunAsync(Side side, Customer to, string key, int calls, int atOnce, bool stream)
    {
        var left = calls;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await side.TimeAsync(to, key, stream, alone: atOnce == 1).ConfigureAwait(false);
        }))).ConfigureAwait(false);
        if (atOnce > 1)
            side.AddThroughput(calls / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private void Tell()
    {
        foreach (var side in new[] { _direct, _edge })
        {
            report.Operations += side.Loaded.Count + side.Alone.Count + side.FirstByte.Count;
            report.Set($"{side.Name}_requests_per_s", side.PerSecond.Median);
            report.Set($"{side.Name}_p50_us", side.Alone.Percentile(50) / 1_000.0);
            report.Set($"{side.Name}_p99_us", side.Alone.Percentile(99) / 1_000.0);
            report.Set($"{side.Name}_loaded_p50_us", side.Loaded.Percentile(50) / 1_000.0);
            report.Set($"{side.Name}_loaded_p99_us", side.Loaded.Percentile(99) / 1_000.0);
            report.Set($"{side.Name}_first_byte_p50_us", side.FirstByte.Percentile(50) / 1_000.0);
            report.Set($"{side.Name}_first_byte_p99_us", side.FirstByte.Percentile(99) / 1_000.0);
            if (side.Failures > 0)
                report.Fail($"{side.Failures} {side.Name} calls did not come to their end");
        }

        report.ThroughputPerSecond = _edge.PerSecond.Median;
        report.SetLatency(_edge.Alone);
        var added = (_edge.FirstByte.Percentile(50) - _direct.FirstByte.Percentile(50)) / 1_000.0;
        report.Set("added_p50_us", (_edge.Alone.Percentile(50) - _direct.Alone.Percentile(50)) / 1_000.0);
        report.Set("added_p99_us", (_edge.Alone.Percentile(99) - _direct.Alone.Percentile(99)) / 1_000.0);
        report.Set("added_first_byte_p50_us", added);
        report["bar"] = new Bar("added_first_byte_p50_us", added, FirstByteBarMicros, IsCeiling: true).ToJson();
    }

    /// <summary>The figures of one way.</summary>
    private sealed class Side(string name)
    {
        private readonly Lock _gate = new();

        public string Name => name;

        public Histogram Alone { get; } = new();

        public Histogram Loaded { get; } = new();

        public Histogram FirstByte { get; } = new();

        public Series PerSecond { get; } = new();

        public int Failures { get; private set; }

        /// <summary>Figures that are thrown away.</summary>
        public Side Warm() => new(name);

        public void AddThroughput(double perSecond) => PerSecond.Add(perSecond);

        public async Task TimeAsync(Customer to, string key, bool stream, bool alone)
        {
            var (start, first) = (Stopwatch.GetTimestamp(), 0L);
            var end = await to.CallAsync(key, stream, MaxTokens, firstByte: () => first = Stopwatch.GetTimestamp()).ConfigureAwait(false);
            var over = Stopwatch.GetTimestamp();
            lock (_gate)
            {
                if (end != CallEnd.Whole)
                    Failures++;
                else if (stream)
                    FirstByte.Record(Nanos(first - start));
                else
                    (alone ? Alone : Loaded).Record(Nanos(over - start));
            }
        }

        private static long Nanos(long timestamps) => (long)(timestamps * (1_000_000_000.0 / Stopwatch.Frequency));
    }
}
