using Enforcer.Edge.Observability;
using Enforcer.Edge.Options;
using Enforcer.Edge.Outbox;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Requests;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Proxy;

/// <summary>
/// Sets money aside for a call and writes it down. Until money is held nothing leaves, and until the outbox has the call the upstream is not
/// called; whatever stops it before that leaves nothing held.
/// </summary>
internal sealed class Admitter(
    ISpendGate gate, CallOutbox outbox, Settler settler, UpstreamCaller caller, EdgeInstruments instruments, EdgeOptions options, TimeProvider clock)
{
    public static Problem Unavailable(string message) =>
        new(ProblemKind.Unavailable, message) { RetryAfter = TimeSpan.FromSeconds(1), ShouldRetry = true };

    /// <summary>A call that may be made, or why not; neither if the customer has gone.</summary>
    /// <exception cref="GateClosedException">Enforcer did not answer in time.</exception>
    public async Task<(AdmittedCall? Call, Problem? Problem)> AdmitAsync(HttpContext http, Dialect dialect, Intent intent, string key, CallRequest request)
    {
        var started = clock.GetTimestamp();
        if (!outbox.TryEnter())
            return (null, Unavailable($"{options.MaxOpenCalls} calls are open or not yet booked, which is the most here."));
        var admission = await ReserveAsync(intent, key, request).ConfigureAwait(false);
        if (!admission.IsGranted)
            return (null, admission.Problem);
        instruments.Reserved(clock.GetElapsedTime(started));
        var call = new RunningCall(request, admission.Held, options, clock);
        if (http.RequestAborted.IsCancellationRequested)
        {
            settler.Settle(call.Nothing());
            return default;
        }
        if (Begin(call) is not { } durable)
        {
            settler.Settle(call.Nothing());
            return (null, Unavailable("The call cannot be written down, so it is not made."));
        }
        var message = caller.MessageFor(http.Request, request.Upstream, dialect, request.BodyFor(GrantedOf(call)));
        instruments.Admitted(clock.GetElapsedTime(started));
        return (new AdmittedCall(call, message, durable), null);
    }

    /// <summary>Whether the hold follows the answer while it comes, because the upstream keeps to no limit.</summary>
    private static bool IsFollowed(CallRequest request) => !request.Upstream.KeepsLimits && request.IsStream;

    /// <summary>The output that the upstream is told to keep to. Where the hold follows the answer, the request's own limit stands.</summary>
    private long GrantedOf(RunningCall call)
    {
        var (asked, granted) = (call.Request.Estimate.OutputTokens, call.Held.OutputTokens);
        if (IsFollowed(call.Request))
            return asked;
        if (granted < asked)
            instruments.Clamped();
        return granted;
    }

    /// <summary>Reserves. Should the edge die before the call is made, what was reserved is given back by whoever reads the outbox next.</summary>
    private async Task<Admission> ReserveAsync(Intent intent, string key, CallRequest request)
    {
        var estimate = request.Estimate;
        if (IsFollowed(request))
        {
            var first = Math.Min(estimate.OutputTokens, options.ExtendTokens);
            estimate = estimate with { OutputTokens = first, LeastOutputTokens = Math.Min(estimate.LeastOutputTokens, first) };
        }
        outbox.Keep(intent.Undo());
        try
        {
            var admission = await gate.ReserveAsync(intent, key, estimate).ConfigureAwait(false);
            if (!admission.IsGranted)
                outbox.Close(intent.ReservationId);
            return admission;
        }
        catch (GateClosedException)
        {
            outbox.Defer(intent.ReservationId);
            throw;
        }
    }

    /// <summary>Writes the call down; null if that fails.</summary>
    private Task<bool>? Begin(RunningCall call)
    {
        try
        {
            return outbox.Begin(call.Worst());
        }
        catch (IOException)
        {
            return null;
        }
    }
}
