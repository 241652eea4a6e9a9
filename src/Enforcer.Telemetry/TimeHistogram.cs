using System.Diagnostics.Metrics;

namespace Enforcer.Telemetry;

/// <summary>How long something takes: microseconds in powers of two, up to half a minute, as on <c>/metrics</c>. Recording allocates nothing.</summary>
public readonly struct TimeHistogram
{
    private readonly Histogram<long> _micros;

    /// <summary>Makes the instrument on a meter.</summary>
    public TimeHistogram(Meter meter, string name, string description)
    {
        ArgumentNullException.ThrowIfNull(meter);
        var bounds = new InstrumentAdvice<long> { HistogramBucketBoundaries = [.. Enumerable.Range(0, PushedSamples.Bounds).Select(power => 1L << power)] };
        _micros = meter.CreateHistogram(name, "us", description, tags: null, bounds);
    }

    /// <summary>It took so long.</summary>
    public void Record(TimeSpan took) => _micros.Record(took.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>It took so long, under a label.</summary>
    public void Record(TimeSpan took, string label, string value) =>
        _micros.Record(took.Ticks / TimeSpan.TicksPerMicrosecond, new KeyValuePair<string, object?>(label, value));
}
