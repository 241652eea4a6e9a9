using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Enforcer.Server.Observability;

/// <summary>What an instrument has pushed since the start, for each value of its labels; most have none or one.</summary>
internal sealed class PushedFamily(Instrument instrument)
{
    private readonly ConcurrentDictionary<string, PushedSamples> _byLabel = new(StringComparer.Ordinal);
    private readonly PushedSamples _unlabelled = new(instrument, "");

    public Instrument Instrument { get; } = instrument;

    public void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => For(tags).Record(value);

    /// <summary>Writes the samples of the family, label by label.</summary>
    public void Write(StringBuilder text, string name)
    {
        if (_byLabel.IsEmpty) _unlabelled.Write(text, name);
        foreach (var (_, samples) in _byLabel.OrderBy(pair => pair.Key, StringComparer.Ordinal)) samples.Write(text, name);
    }

    private PushedSamples For(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return _unlabelled;
        // One label of one instrument always has the same key: its value finds the samples without making a text.
        var value = tags.Length == 1 && tags[0].Value is string only ? only : PrometheusText.LabelsOf(tags);
        return _byLabel.TryGetValue(value, out var known) ? known : _byLabel.GetOrAdd(value, new PushedSamples(Instrument, PrometheusText.LabelsOf(tags)));
    }
}
