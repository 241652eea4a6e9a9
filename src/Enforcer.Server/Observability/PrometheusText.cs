using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Enforcer.Server.Observability;

/// <summary>
/// The instruments of this process in the text format of Prometheus (version 0.0.4): base units, counters end in
/// <c>_total</c>. Read when somebody asks.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (Instrument Instrument, List<string> Samples)> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public PrometheusText()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == ServerInstruments.MeterName && instrument.IsObservable) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value.ToString(CultureInfo.InvariantCulture), tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value.ToString("R", CultureInfo.InvariantCulture), tags));
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
                text.Append("# HELP ").Append(name).Append(' ').Append(instrument.Description).Append('\n');
                text.Append("# TYPE ").Append(name).Append(IsCounter(instrument) ? " counter\n" : " gauge\n");
                foreach (var sample in samples) text.Append(sample).Append('\n');
            }
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name.Replace('.', '_') + (IsCounter(instrument) ? "_total" : "");
        if (!_families.TryGetValue(name, out var family)) _families[name] = family = (instrument, []);
        var labels = new StringBuilder();
        foreach (var (key, label) in tags) labels.Append(labels.Length == 0 ? '{' : ',').Append(key).Append("=\"").Append(Escaped(label)).Append('"');
        if (labels.Length > 0) labels.Append('}');
        family.Samples.Add($"{name}{labels} {value}");
    }

    private static bool IsCounter(Instrument instrument) => instrument is ObservableCounter<long> or ObservableCounter<double>;

    private static string Escaped(object? label) =>
        (label?.ToString() ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
