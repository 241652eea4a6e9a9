using System.Text.Json.Nodes;

namespace Enforcer.LoadTests.Measuring;

/// <summary>What one contestant has shown over all runs of a comparison.</summary>
internal sealed class Standing(string name)
{
    public string Name => name;

    public Series PerSecond { get; } = new();

    public Series CpuPerMillion { get; } = new();

    public Series P50Micros { get; } = new();

    public Series P99Micros { get; } = new();

    public void Add(LoadResult result)
    {
        PerSecond.Add(result.PerSecond);
        CpuPerMillion.Add(result.CpuPerMillion);
        P50Micros.Add(result.Latency.Percentile(50) / 1_000.0);
        P99Micros.Add(result.Latency.Percentile(99) / 1_000.0);
        Refusals += result.Refusals;
        Operations += result.Operations;
    }

    public long Operations { get; private set; }

    public long Refusals { get; private set; }

    public JsonObject ToJson() => new()
    {
        ["name"] = name,
        ["runs"] = PerSecond.Count,
        ["per_s_median"] = Math.Round(PerSecond.Median),
        ["per_s_min"] = Math.Round(PerSecond.Min),
        ["per_s_max"] = Math.Round(PerSecond.Max),
        ["cpu_s_per_million_median"] = Math.Round(CpuPerMillion.Median, 3),
        ["cpu_s_per_million_min"] = Math.Round(CpuPerMillion.Min, 3),
        ["cpu_s_per_million_max"] = Math.Round(CpuPerMillion.Max, 3),
        ["p50_us"] = Math.Round(P50Micros.Median, 1),
        ["p99_us"] = Math.Round(P99Micros.Median, 1),
        ["refusals"] = Refusals,
    };
}
