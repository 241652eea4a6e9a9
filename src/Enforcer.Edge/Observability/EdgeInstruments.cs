using System.Diagnostics.Metrics;
using Enforcer.Edge.Outbox;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Spending;
using Enforcer.Telemetry;

namespace Enforcer.Edge.Observability;

/// <summary>The metrics of an edge: meter <c>Enforcer.Edge</c>. No label names a customer.</summary>
internal sealed class EdgeInstruments : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Enforcer.Edge";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _calls;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _estimated;
    private readonly Counter<long> _clamped;
    private readonly Counter<long> _deferred;
    private readonly TimeHistogram _reserving;
    private readonly TimeHistogram _admitting;
    private readonly TimeHistogram _committing;

    public EdgeInstruments(CallOutbox outbox, TimeProvider clock)
    {
        _calls = _meter.CreateCounter<long>("enforcer.edge.calls", "{call}", "Calls that ended, by path, protocol and how.");
        _tokens = _meter.CreateCounter<long>("enforcer.edge.tokens", "{token}", "Quantities booked, by meter.");
        _estimated = _meter.CreateCounter<long>("enforcer.edge.estimated", "{call}", "Calls booked by a bound, because their usage was not told.");
        _clamped = _meter.CreateCounter<long>("enforcer.edge.clamped", "{call}", "Calls whose limit on output was lowered to what the balance allowed.");
        _deferred = _meter.CreateCounter<long>("enforcer.edge.deferred", "{attempt}", "Settlements that could not be delivered and are tried again.");
        _reserving = new TimeHistogram(_meter, "enforcer.edge.reserve_duration", "Time of a Reserve, as the customer waits for it.");
        _admitting = new TimeHistogram(_meter, "enforcer.edge.admission_duration", "From a request that was read to its call to the upstream: what the edge adds before a call.");
        _committing = new TimeHistogram(_meter, "enforcer.edge.commit_duration", "From the end of a call until it is booked; no customer waits for it.");
        _meter.CreateObservableGauge("enforcer.edge.outbox.calls", () => (long)outbox.Count, "{call}", "Calls that run or are not booked yet.");
        _meter.CreateObservableGauge("enforcer.edge.outbox.due", () => (long)outbox.Due().Count, "{call}", "Calls that have ended, could not be booked at once, and are tried again.");
        _meter.CreateObservableGauge("enforcer.edge.outbox.oldest_age_seconds", () => AgeOfOldest(outbox, clock), "s", "Age of the oldest of these; 0 where there is none.");
        _meter.CreateObservableGauge("enforcer.edge.outbox.writable", () => outbox.CanBeWritten ? 1L : 0L, description: "1 while the outbox can be written.");
        ProcessInstruments.AddTo(_meter);
    }

    /// <summary>Whether a meter is this edge's own.</summary>
    public bool Owns(Meter meter) => ReferenceEquals(meter, _meter);

    public void Ended(string path, Dialect dialect, string outcome) => _calls.Add(
        1, new KeyValuePair<string, object?>("path", path), new KeyValuePair<string, object?>("protocol", dialect.Name), new KeyValuePair<string, object?>("outcome", outcome));

    public void Reserved(TimeSpan took) => _reserving.Record(took);

    public void Admitted(TimeSpan after) => _admitting.Record(after);

    public void Committed(TimeSpan took) => _committing.Record(took);

    public void Clamped() => _clamped.Add(1);

    public void Deferred() => _deferred.Add(1);

    public void Settled(Settlement settlement)
    {
        if (settlement.IsEstimated)
            _estimated.Add(1);
        foreach (var (meter, quantity) in settlement.Usage)
            _tokens.Add(quantity, new KeyValuePair<string, object?>("meter", meter));
    }

    public void Dispose() => _meter.Dispose();

    private static long AgeOfOldest(CallOutbox outbox, TimeProvider clock)
    {
        var due = outbox.Due();
        return due.Count == 0 ? 0 : Math.Max(0, clock.GetUtcNow().ToUnixTimeMilliseconds() - due.Min(static one => one.AtMs)) / 1_000;
    }
}
