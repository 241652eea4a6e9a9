using System.Text.Json.Nodes;
using Spectre.Console;

namespace Enforcer.LoadTests.Measuring;

/// <summary>Standings and bars of a comparison, as tables and in the report. A bar that is missed is shown, never hidden.</summary>
internal sealed class Scoreboard
{
    private readonly Dictionary<string, Standing> _standings = [];
    private readonly List<Bar> _bars = [];

    public Standing this[string name]
    {
        get
        {
            if (!_standings.TryGetValue(name, out var standing))
                _standings.Add(name, standing = new Standing(name));
            return standing;
        }
    }

    public void Add(Bar bar) => _bars.Add(bar);

    /// <summary>A bar on how much faster, by medians, one contestant is than the fastest of some others.</summary>
    public void AddRatio(string name, string contestant, double atLeast, params string[] others)
    {
        if (_standings.ContainsKey(contestant) && others.All(_standings.ContainsKey))
            Add(new Bar(name, this[contestant].PerSecond.Median / others.Max(other => this[other].PerSecond.Median), atLeast));
    }

    public void Put(Report report)
    {
        report["contestants"] = new JsonArray([.. _standings.Values.Select(standing => (JsonNode)standing.ToJson())]);
        report["bars"] = new JsonArray([.. _bars.Select(bar => (JsonNode)bar.ToJson())]);
        report["bars_missed"] = _bars.Count(bar => !bar.Passes);
    }

    public void Show()
    {
        var contestants = new Table().Border(TableBorder.Rounded).AddColumns("contestant", "operations/s", "min - max", "CPU s/million", "min - max", "clients + servers + database", "p50 us", "p99 us");
        foreach (var standing in _standings.Values)
        {
            contestants.AddRow(Markup.Escape(standing.Name), $"{standing.PerSecond.Median:N0}",
                $"{standing.PerSecond.Min:N0} - {standing.PerSecond.Max:N0}", $"{standing.CpuPerMillion.Median:N2}",
                $"{standing.CpuPerMillion.Min:N2} - {standing.CpuPerMillion.Max:N2}",
                $"{standing.ClientCpuPerMillion.Median:N2} + {standing.ServerCpuPerMillion.Median:N2} + {standing.DatabaseCpuPerMillion.Median:N2}",
                $"{standing.P50Micros.Median:N0}", $"{standing.P99Micros.Median:N0}");
        }

        var bars = new Table().Border(TableBorder.Rounded).AddColumns("bar", "value", "wanted", "");
        foreach (var bar in _bars)
        {
            bars.AddRow(Markup.Escape(bar.Name), $"{bar.Value:N3}", $"{(bar.IsCeiling ? "at most" : "at least")} {bar.Wanted:N2}",
                bar.Passes ? "[green]passes[/]" : "[red]falls short[/]");
        }

        AnsiConsole.Write(contestants);
        AnsiConsole.Write(bars);
    }
}
