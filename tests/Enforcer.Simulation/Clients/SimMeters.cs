using System.Diagnostics.Metrics;

namespace Enforcer.Simulation.Clients;

/// <summary>The meters of a world, which end with it.</summary>
internal sealed class SimMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        foreach (var meter in _meters) meter.Dispose();
        _meters.Clear();
    }
}
