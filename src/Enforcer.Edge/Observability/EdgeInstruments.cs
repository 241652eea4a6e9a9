using System.Diagnostics.Metrics;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Observability;

/// <summary>The metrics of an edge: meter <c>Enforcer.Edge</c>.</summary>
internal sealed class EdgeInstruments : IDisposable
{
    private readonly Meter _meter = new("Enforcer.Edge");
    private readonly Counter<long> _calls;
    private readonly Counter<long> _problems;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _estimated;
    private readonly Counter<long> _deferred;
    private readonly Histogram<double> _admission;

    public EdgeInstruments(Func<int> openCalls)
    {
        _meter.CreateObservableUpDownCounter("enforcer.edge.open_calls", openCalls, "{call}", "Calls that are open or not yet booked.");
        _calls = _meter.CreateCounter<long>("enforcer.edge.calls", "{call}", "Calls that were made, by how they ended.");
        _problems = _meter.CreateCounter<long>("enforcer.edge.problems", "{call}", "Calls that the edge answered itself, by kind.");
        _tokens = _meter.CreateCounter<long>("gen_ai.client.token.usage", "{token}", "Tokens booked, by meter.");
        _estimated = _meter.CreateCounter<long>("enforcer.edge.estimated", "{call}", "Calls booked by a bound.");
        _deferred = _meter.CreateCounter<long>("enforcer.edge.deferred", "{attempt}", "Settlements that could not be delivered and are tried again.");
        _admission = _meter.CreateHistogram<double>("enforcer.edge.admission", "s", "From a request to its call to the upstream.");
    }

    public void Ended(string how) => _calls.Add(1, new KeyValuePair<string, object?>("end", how));

    public void Told(ProblemKind kind) => _problems.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));

    public void Admitted(TimeSpan after) => _admission.Record(after.TotalSeconds);

    public void Deferred() => _deferred.Add(1);

    public void Settled(Settlement settlement)
    {
        if (settlement.IsEstimated)
            _estimated.Add(1);
        if (!_tokens.Enabled)
            return;
        foreach (var (meter, quantity) in settlement.Usage)
            _tokens.Add(quantity, new KeyValuePair<string, object?>("gen_ai.token.type", meter));
    }

    public void Dispose() => _meter.Dispose();
}
