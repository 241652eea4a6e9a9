using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enforcer.LoadTests.Measuring;

/// <summary>
/// What a load test found, for people and as JSON. The fields that every command has come first; a command adds its own
/// figures by name. Money is in nanos, times in the unit that the name ends in.
/// </summary>
internal sealed class Report(string command)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly JsonObject _figures = [];
    private readonly List<string> _failures = [];

    public long Operations { get; set; }

    public long OverspendNanos { get; set; }

    public long LostAnswers { get; set; }

    public long DoubleEffects { get; set; }

    public double ThroughputPerSecond { get; set; }

    public double P50Micros { get; set; }

    public double P99Micros { get; set; }

    public double CpuSecondsPerMillion { get; set; }

    /// <summary>Why the command's promise does not hold: any of these makes the exit status 1.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public bool IsExact => OverspendNanos == 0 && LostAnswers == 0 && DoubleEffects == 0 && _failures.Count == 0;

    public JsonNode? this[string name]
    {
        set => _figures[name] = value;
    }

    public void Fail(string why) => _failures.Add(why);

    /// <summary>Takes over what another run has proved, or failed to prove, with all its figures beneath its own name.</summary>
    public void TakeExactness(Report proof)
    {
        OverspendNanos = proof.OverspendNanos;
        LostAnswers = proof.LostAnswers;
        DoubleEffects = proof.DoubleEffects;
        _failures.AddRange(proof._failures);
        _figures["exactness"] = proof.ToJson();
    }

    /// <summary>A rounded figure, so that JSON and tables stay readable.</summary>
    public void Set(string name, double value) => _figures[name] = Math.Round(value, 3);

    public void SetLatency(Histogram latency)
    {
        P50Micros = latency.Percentile(50) / 1_000.0;
        P99Micros = latency.Percentile(99) / 1_000.0;
        Set("p999_us", latency.Percentile(99.9) / 1_000.0);
        Set("max_us", latency.Max / 1_000.0);
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["command"] = command,
            ["exact"] = IsExact,
            ["operations"] = Operations,
            ["overspend_nanos"] = OverspendNanos,
            ["lost_answers"] = LostAnswers,
            ["double_effects"] = DoubleEffects,
            ["throughput_per_s"] = Math.Round(ThroughputPerSecond, 1),
            ["p50_us"] = Math.Round(P50Micros, 1),
            ["p99_us"] = Math.Round(P99Micros, 1),
            ["cpu_s_per_million"] = Math.Round(CpuSecondsPerMillion, 3),
        };
        foreach (var (name, value) in _figures)
        {
            json[name] = value?.DeepClone();
        }

        json["failures"] = new JsonArray([.. _failures.Select(failure => (JsonNode)failure)]);
        return json;
    }

    public void Save(string path) => File.WriteAllText(path, ToJson().ToJsonString(Indented) + "\n");

    public static string Show(JsonNode? value) => value switch
    {
        null => "-",
        JsonValue number when number.TryGetValue(out long whole) => whole.ToString("N0", CultureInfo.InvariantCulture),
        JsonValue number when number.TryGetValue(out double real) => real.ToString("N3", CultureInfo.InvariantCulture),
        _ => value.ToJsonString().Trim('"'),
    };
}
