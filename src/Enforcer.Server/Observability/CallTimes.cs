using System.Diagnostics.Metrics;
using Enforcer.Grpc;
using Enforcer.Telemetry;

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
    private readonly TimeHistogram _durations;
    private readonly TimeProvider _clock;

    /// <summary>Makes the instrument on a meter.</summary>
    public CallTimes(Meter meter, TimeProvider clock)
    {
        _clock = clock;
        _durations = new TimeHistogram(meter, "enforcer.call.duration", "Time of gRPC calls on the server, by method; for Session, of one batch of commands.");
    }

    /// <summary>The moment from which a call is measured.</summary>
    public long Now() => _clock.GetTimestamp();

    /// <summary>What began then has ended now.</summary>
    public void Record(string method, long startedAt) => _durations.Record(_clock.GetElapsedTime(startedAt), Label, method);

    /// <inheritdoc/>
    public override void After(GrpcCall call, GrpcStatus status)
    {
        // Streams last as long as their callers like.
        if (call.Method.Kind == GrpcMethodKind.Unary) Record(call.Method.Name, call.StartedAt);
    }
}
