using System.Text.Json.Nodes;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Chaos;

/// <summary>Faults by kind: how many, and how long accounts went without an answer.</summary>
internal static class FaultFigures
{
    public static JsonArray ByKind(IReadOnlyList<FaultRecord> faults, Unavailability seen) =>
    [
        .. faults.GroupBy(fault => fault.Plan.Kind).OrderBy(kind => kind.Key).Select(kind => (JsonNode)new JsonObject
        {
            ["kind"] = kind.Key.ToString(),
            ["faults"] = kind.Count(),
            ["lasted_ms"] = Spread(kind.Select(fault => fault.Healed - fault.Began).Select(ToTime)),
            ["unavailable_ms"] = Spread(kind.Select(seen.Longest)),
            ["alone"] = kind.Count(fault => IsAlone(fault, faults)),
            ["unavailable_alone_ms"] = Spread(kind.Where(fault => IsAlone(fault, faults)).Select(seen.Longest)),
            ["answered_after_healing_ms"] = Spread(kind.Select(seen.UntilAllAnswered)),
        }),
    ];

    /// <summary>Median, 99th percentile and maximum, in ms; null where there is nothing.</summary>
    public static JsonObject? Spread(IEnumerable<TimeSpan> times)
    {
        var histogram = new Histogram();
        foreach (var time in times)
        {
            histogram.Record(time.Ticks * 100);
        }

        if (histogram.Count == 0)
            return null;
        return new JsonObject
        {
            ["p50"] = Ms(histogram.Percentile(50)),
            ["p99"] = Ms(histogram.Percentile(99)),
            ["max"] = Ms(histogram.Max),
        };
    }

    /// <summary>No other fault was there while this one was, or what it hit was not ready yet.</summary>
    private static bool IsAlone(FaultRecord fault, IReadOnlyList<FaultRecord> all) =>
        all.All(other => other == fault || other.Over < fault.Began || other.Began > fault.Over);

    private static TimeSpan ToTime(long timestamps) => System.Diagnostics.Stopwatch.GetElapsedTime(0, timestamps);

    private static double Ms(long nanos) => Math.Round(nanos / 1_000_000.0, 1);
}
