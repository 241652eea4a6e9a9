using System.Diagnostics;
using System.Diagnostics.Metrics;
using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>The metrics and traces of a client: meter and activity source <c>Enforcer.Client</c>.</summary>
internal sealed class ClientInstruments : IDisposable
{
    public const string Name = "Enforcer.Client";

    private static readonly string[] Kinds = [.. Enum.GetNames<SessionCommandKind>().Select(name => name.ToLowerInvariant())];
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _reconnects;
    private readonly Histogram<int> _batches;

    public ClientInstruments(IMeterFactory? meters, Func<int> inFlight)
    {
        _meter = meters?.Create(Name) ?? new Meter(Name);
        _meter.CreateObservableUpDownCounter("enforcer.client.in_flight", inFlight, "{command}", "Commands without an answer.");
        _duration = _meter.CreateHistogram<double>("enforcer.client.duration", "s", "From acceptance of a command to its answer.");
        _refusals = _meter.CreateCounter<long>("enforcer.client.refusals", "{command}", "Refused commands, by name.");
        _failures = _meter.CreateCounter<long>("enforcer.client.failures", "{command}", "Commands without an ordinary answer, by status.");
        _retries = _meter.CreateCounter<long>("enforcer.client.retries", "{command}", "Commands repeated because the server was busy.");
        _reconnects = _meter.CreateCounter<long>("enforcer.client.reconnects", "{connection}", "Connections lost or not made.");
        _batches = _meter.CreateHistogram<int>("enforcer.client.batch_size", "{command}", "Commands in one batch on the wire.");
    }

    public static ActivitySource Activities { get; } = new(Name);

    public void Completed(in Completion completion, TimeProvider clock, long now)
    {
        var kind = new KeyValuePair<string, object?>("command", Kinds[(int)completion.Kind]);
        if (_duration.Enabled)
            _duration.Record(clock.GetElapsedTime(completion.Start, now).TotalSeconds, kind);
        if (completion.Failure is not null)
            _failures.Add(1, kind, new("status", completion.Failure.Code.ToString()));
        else if (completion.Outcome.Refusal != Refusal.Granted && _refusals.Enabled)
            _refusals.Add(1, kind, new("refusal", completion.Outcome.Refusal.ToString()));
    }

    public void Repeated(int commands)
    {
        if (commands > 0)
            _retries.Add(commands);
    }

    public void Reconnected() => _reconnects.Add(1);

    public void Batch(int commands) => _batches.Record(commands);

    public void Dispose() => _meter.Dispose();
}
