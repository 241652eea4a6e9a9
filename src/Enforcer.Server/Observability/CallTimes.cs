using System.Diagnostics.Metrics;
using Enforcer.Grpc;

namespace Enforcer.Server.Observability;

/// <summary>
/// How long gRPC calls take on the server, by method: a unary call from its headers to its status, a batch of a session's commands from
/// reading it until its answers are given to the stream. Measuring allocates nothing.
/// </summary>
internal sealed class CallTimes : GrpcInterceptor
{
    /// <summary>The name under which batches of sessions are counted.</summary>
    public const string SessionBatch = "Session";

    private const string Label = "method";
    private readonly Histogram<long> _durations;
    private readonly TimeProvider _clock;

    /// <summary>Makes the instrument on a meter.</summary>
    public CallTimes(Meter meter, TimeProvider clock)
    {
        _clock = clock;
        // Powers of two up to half a minute, as on /metrics.
        var bounds = new InstrumentAdvice<long> { HistogramBucketBoundaries = [.. Enumerable.Range(0, 26).Select(power => 1L << power)] };
        _durations = meter.CreateHistogram(
            "enforcer.call.duration", "us", "Time of gRPC calls on the server, by method; for Session, of one batch of commands.", tags: null, bounds);
    }

    /// <summary>The moment from which a call is measured.</summary>
    public long Now() => _clock.GetTimestamp();

    /// <summary>What began then has ended now.</summary>
    public void Record(string method, long startedAt) =>
        _durations.Record(_clock.GetElapsedTime(startedAt).Ticks / TimeSpan.TicksPerMicrosecond, new KeyValuePair<string, object?>(Label, method));

    /// <inheritdoc/>
    public override void After(GrpcCall call, GrpcStatus status)
    {
        // Streams last as long as their callers like.
        if (call.Method.Kind == GrpcMethodKind.Unary) Record(call.Method.Name, call.StartedAt);
    }
}
