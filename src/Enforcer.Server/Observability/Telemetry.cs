using Enforcer.Server.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Enforcer.Server.Observability;

/// <summary>Sends metrics and traces by OTLP, where an address is configured.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly MeterProvider? _meters;
    private readonly TracerProvider? _traces;

    public Telemetry(EnforcerServerOptions options)
    {
        if (options.Otlp.Length == 0) return;
        var endpoint = new Uri(options.Otlp);
        var resource = ResourceBuilder.CreateDefault().AddService("enforcer");
        _meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter([.. ServerInstruments.Meters])
            .AddOtlpExporter((OtlpExporterOptions exporter) => exporter.Endpoint = endpoint).Build();
        // Between silos the caller's trace goes on. The framework's own activity per request carries the method and the caller's trace; Kestrel makes it only while somebody listens.
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource("Microsoft.AspNetCore", "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime")
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(0.01))).AddOtlpExporter(exporter => exporter.Endpoint = endpoint).Build();
    }

    public void Dispose()
    {
        _meters?.Dispose();
        _traces?.Dispose();
    }
}
