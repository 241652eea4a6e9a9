using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Enforcer.Telemetry;

/// <summary>What an instrument has pushed since the start, for each set of its labels; most have none. Finding a set allocates nothing.</summary>
internal sealed class PushedFamily
{
    private const int MostKey = 256;
    private const char Between = '\n';
    private readonly ConcurrentDictionary<string, PushedSamples> _byLabels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PushedSamples>.AlternateLookup<ReadOnlySpan<char>> _find;
    private readonly PushedSamples _unlabelled;

    public PushedFamily(Instrument instrument)
    {
        Instrument = instrument;
        _unlabelled = new PushedSamples(instrument, "");
        _find = _byLabels.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public Instrument Instrument { get; }

    public void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => For(tags).Record(value);

    /// <summary>Writes the samples of the family, label by label.</summary>
    public void Write(StringBuilder text, string name)
    {
        if (_byLabels.IsEmpty) _unlabelled.Write(text, name);
        foreach (var (_, samples) in _byLabels.OrderBy(pair => pair.Key, StringComparer.Ordinal)) samples.Write(text, name);
    }

    private PushedSamples For(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return _unlabelled;
        Span<char> key = stackalloc char[MostKey];
        var length = 0;
        foreach (var (name, label) in tags)
        {
            var value = label as string ?? label?.ToString() ?? "";
            if (length + name.Length + value.Length + 2 > MostKey) return Add(tags, PrometheusText.LabelsOf(tags));
            length = Put(key, Put(key, length, name), value);
        }
        return _find.TryGetValue(key[..length], out var known) ? known : Add(tags, key[..length].ToString());
    }

    private static int Put(Span<char> key, int at, string text)
    {
        text.CopyTo(key[at..]);
        key[at + text.Length] = Between;
        return at + text.Length + 1;
    }

    private PushedSamples Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key) =>
        _byLabels.GetOrAdd(key, new PushedSamples(Instrument, PrometheusText.LabelsOf(tags)));
}
