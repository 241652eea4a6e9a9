using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Enforcer.Client.Tests.Support;

/// <summary>All that the instruments of one client measured.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> _all = new();

    public Measurements(OwnMeters meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _all.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => _all.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _all.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.Start();
    }

    public int Count(string name) => _all.Count(measurement => measurement.Name == name);

    public double Last(string name) => _all.Last(measurement => measurement.Name == name).Value;

    public object? Tag(string name, string tag) =>
        Assert.Single(_all, measurement => measurement.Name == name).Tags.Single(pair => pair.Key == tag).Value;

    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();
}
