using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Enforcer.Telemetry;

/// <summary>Sends the metrics of a process and one in a hundred of its traces by OTLP, where an address is configured.</summary>
public sealed class OtlpExport : IDisposable
{
    private readonly MeterProvider? _meters;
    private readonly TracerProvider? _traces;

    /// <summary>Begins to send.</summary>
    /// <param name="receiver">The receiver's address, such as <c>http://127.0.0.1:4317</c>; empty: nothing is sent.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="meters">The names of the meters to send.</param>
    /// <exception cref="UriFormatException">The address is none.</exception>
    public OtlpExport(string receiver, string service, IEnumerable<string> meters)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        if (receiver.Length == 0) return;
        var endpoint = new Uri(receiver);
        var resource = ResourceBuilder.CreateDefault().AddService(service);
        _meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter([.. meters])
            .AddOtlpExporter((OtlpExporterOptions exporter) => exporter.Endpoint = endpoint).Build();
        // Between silos the caller's trace goes on. The framework's own activity per request carries the method and the caller's trace; Kestrel makes it only while somebody listens.
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource("Microsoft.AspNetCore", "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime")
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(0.01))).AddOtlpExporter(exporter => exporter.Endpoint = endpoint).Build();
    }

    /// <summary>Sends the rest, then stops.</summary>
    public void Dispose()
    {
        _meters?.Dispose();
        _traces?.Dispose();
    }
}
