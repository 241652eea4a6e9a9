using System.Text.Json.Nodes;

namespace Enforcer.LoadTests.Measuring;

/// <summary>What one contestant has shown over all runs of a comparison.</summary>
internal sealed class Standing(string name)
{
    public string Name => name;

    public Series PerSecond { get; } = new();

    public Series CpuPerMillion { get; } = new();

    /// <summary>The clients' part of it.</summary>
    public Series ClientCpuPerMillion { get; } = new();

    /// <summary>The servers' part of it; the database's is in it where that is not told apart.</summary>
    public Series ServerCpuPerMillion { get; } = new();

    /// <summary>The database's part of it.</summary>
    public Series DatabaseCpuPerMillion { get; } = new();

    public Series P50Micros { get; } = new();

    public Series P99Micros { get; } = new();

    public void Add(LoadResult result)
    {
        PerSecond.Add(result.PerSecond);
        CpuPerMillion.Add(result.CpuPerMillion);
        ClientCpuPerMillion.Add(PerMillion(result.Cpu.ClientSeconds, result.Operations));
        ServerCpuPerMillion.Add(PerMillion(result.Cpu.ServerSeconds, result.Operations));
        DatabaseCpuPerMillion.Add(PerMillion(result.Cpu.DatabaseSeconds, result.Operations));
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
        ["client_cpu_s_per_million_median"] = Math.Round(ClientCpuPerMillion.Median, 3),
        ["server_cpu_s_per_million_median"] = Math.Round(ServerCpuPerMillion.Median, 3),
        ["database_cpu_s_per_million_median"] = Math.Round(DatabaseCpuPerMillion.Median, 3),
        ["p50_us"] = Math.Round(P50Micros.Median, 1),
        ["p99_us"] = Math.Round(P99Micros.Median, 1),
        ["refusals"] = Refusals,
    };

    private static double PerMillion(double seconds, long operations) => seconds * 1_000_000 / Math.Max(1, operations);
}
