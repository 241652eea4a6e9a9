using System.Diagnostics.Metrics;

namespace Enforcer.Orleans;

/// <summary>What a silo tells about the accounts of others, by the names that the built-in nodes use; the rest is in Orleans' own meter.</summary>
internal sealed class SiloInstruments : IDisposable
{
    private readonly Meter _meter = new("Enforcer.Cluster");

    public SiloInstruments(SiloRouter router)
    {
        _meter.CreateObservableCounter("enforcer.cluster.passed_on", () => router.PassedOn, "{command}", "Commands passed on to the nodes that own their accounts.");
        _meter.CreateObservableCounter("enforcer.cluster.peer_frames", () => router.Frames, "{frame}", "Frames that commands were passed on in.");
        _meter.CreateObservableGauge("enforcer.cluster.routes", () => (long)router.Routes, "{account}", "Accounts of other nodes of which it is remembered where they are.");
    }

    public void Dispose() => _meter.Dispose();
}
