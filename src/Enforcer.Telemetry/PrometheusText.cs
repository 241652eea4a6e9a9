using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Enforcer.Telemetry;

/// <summary>
/// The instruments of a process in the text format of Prometheus (version 0.0.4): base units, counters end in
/// <c>_total</c>. Read when somebody asks.
/// </summary>
public sealed class PrometheusText : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (Instrument Instrument, List<string> Samples)> _families = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<PushedFamily> _pushed = [];
    private readonly MeterListener _listener = new();
    private readonly Func<Meter, bool> _isTold;

    /// <summary>Begins to listen.</summary>
    /// <param name="isTold">Which meters are told about.</param>
    public PrometheusText(Func<Meter, bool> isTold)
    {
        _isTold = isTold;
        _listener.InstrumentPublished = Listen;
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, pushed) =>
        {
            if (pushed is PushedFamily family) family.Record(value, tags);
            else Add(instrument, value.ToString(CultureInfo.InvariantCulture), tags);
        });
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, pushed) =>
        {
            if (pushed is PushedFamily family) family.Record(value, tags);
            else Add(instrument, value.ToString(CultureInfo.InvariantCulture), tags);
        });
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, pushed) =>
        {
            if (pushed is PushedFamily family) family.Record(checked((long)Math.Clamp(Math.Round(value), 0, int.MaxValue)), tags);
            else Add(instrument, value.ToString("R", CultureInfo.InvariantCulture), tags);
        });
        _listener.Start();
    }

    /// <summary>Everything as it is now.</summary>
    public string Read()
    {
        lock (_gate)
        {
            _families.Clear();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var (name, (instrument, samples)) in _families)
            {
                Begin(text, instrument, name);
                foreach (var sample in samples) text.Append(sample).Append('\n');
            }
            foreach (var family in _pushed.OrderBy(family => family.Instrument.Name, StringComparer.Ordinal))
            {
                var name = NameOf(family.Instrument);
                Begin(text, family.Instrument, name);
                family.Write(text, name);
            }
            return text.ToString();
        }
    }

    /// <summary>Ends listening.</summary>
    public void Dispose() => _listener.Dispose();

    private void Listen(Instrument instrument, MeterListener listener)
    {
        if (!_isTold(instrument.Meter)) return;
        var pushed = instrument.IsObservable ? null : new PushedFamily(instrument);
        if (pushed is not null) _pushed.Add(pushed);
        listener.EnableMeasurementEvents(instrument, pushed);
    }

    private void Add(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = NameOf(instrument);
        if (!_families.TryGetValue(name, out var family)) _families[name] = family = (instrument, []);
        family.Samples.Add(tags.IsEmpty ? $"{name} {value}" : $"{name}{{{LabelsOf(tags)}}} {value}");
    }

    private static void Begin(StringBuilder text, Instrument instrument, string name)
    {
        var type = IsCounter(instrument) ? "counter" : PushedSamples.IsHistogram(instrument) ? "histogram" : "gauge";
        text.Append("# HELP ").Append(name).Append(' ').Append(instrument.Description).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private static string NameOf(Instrument instrument) =>
        instrument.Name.Replace('.', '_').Replace('-', '_') + (instrument.Unit == "us" ? "_seconds" : "") + (IsCounter(instrument) ? "_total" : "");

    private static bool IsCounter(Instrument instrument) => instrument is ObservableCounter<long> or ObservableCounter<double> or Counter<long> or Counter<int>;

    /// <summary>Labels as they are written.</summary>
    internal static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (key, label) in tags) labels.Append(labels.Length == 0 ? "" : ",").Append(key.Replace('-', '_').Replace('.', '_')).Append("=\"").Append(Escaped(label)).Append('"');
        return labels.ToString();
    }

    private static string Escaped(object? label) =>
        (label?.ToString() ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
