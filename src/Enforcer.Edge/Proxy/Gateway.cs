using Enforcer.Client;
using Enforcer.Edge.Observability;
using Enforcer.Edge.Options;
using Enforcer.Edge.Outbox;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Requests;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Proxy;

/// <summary>
/// The way of one call: route, key, request, reserve, outbox, upstream. Until money is held nothing leaves, and until the outbox has the call on disk the
/// upstream is not called; whatever stops it before that leaves nothing held.
/// </summary>
internal sealed class Gateway(
    Routes routes, ISpendGate gate, CallOutbox outbox, Settler settler, CallRunner runner, EdgeInstruments instruments, EdgeOptions options, TimeProvider clock)
{
    public async Task HandleAsync(HttpContext http)
    {
        var route = routes.Find(http.Request);
        var dialect = route?.Dialect ?? Routes.Guess(http.Request);
        try
        {
            if (await AdmitAsync(http, route, dialect).ConfigureAwait(false) is { } problem)
                await TellAsync(http, dialect, problem).ConfigureAwait(false);
        }
        catch (BadCallException bad)
        {
            await TellAsync(http, dialect, bad.ToProblem()).ConfigureAwait(false);
        }
        catch (GateClosedException)
        {
            await TellAsync(http, dialect, Unavailable("Spending cannot be checked now, so nothing passes.")).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The customer has gone before anything was reserved.
        }
    }

    private static Problem Unavailable(string message) =>
        new(ProblemKind.Unavailable, message) { RetryAfter = TimeSpan.FromSeconds(1), ShouldRetry = true };

    private async Task TellAsync(HttpContext http, Dialect dialect, Problem problem)
    {
        instruments.Told(problem.Kind);
        await dialect.TellAsync(http, problem).ConfigureAwait(false);
    }

    /// <summary>Runs the call, or says why not.</summary>
    private async Task<Problem?> AdmitAsync(HttpContext http, Route? route, Dialect dialect)
    {
        var started = clock.GetTimestamp();
        if (route is null)
        {
            return new Problem(ProblemKind.UnknownPath, $"{http.Request.Method} {http.Request.Path} is not offered here. The operator must list a path before it passes.")
            { ShouldRetry = false };
        }
        if (dialect.KeyOf(http.Request.Headers, out var wrong) is not { } key)
            return new Problem(ProblemKind.Unauthenticated, wrong) { ShouldRetry = false };
        if (key.Length > AccountReference.MaxLength || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return new Problem(ProblemKind.Unauthenticated, "The key is not valid here. Check that it was copied whole.") { ShouldRetry = false };
        var body = await BodyReader.ReadAsync(http.Request, options.MaxRequestBytes, http.RequestAborted).ConfigureAwait(false);
        using var json = route.Metered is null ? null : JsonBody.Parse(body);
        var request = Read(route, body, json);
        if (await gate.PlanAsync(key).ConfigureAwait(false) is not { } intent)
            return new Problem(ProblemKind.Unauthenticated, RefusalReading.UnknownKey) { ShouldRetry = false };
        if (!outbox.TryEnter())
            return Unavailable($"{options.MaxOpenCalls} calls are open or not yet booked, which is the most here.");
        var admission = await ReserveAsync(intent, key, request).ConfigureAwait(false);
        if (!admission.IsGranted)
            return admission.Problem;
        var call = new RunningCall(request, admission.Held, options, clock);
        if (http.RequestAborted.IsCancellationRequested)
        {
            await settler.SettleAsync(call.Nothing()).ConfigureAwait(false);
            return null;
        }
        if (Begin(call) is not { } durable)
        {
            await settler.SettleAsync(call.Nothing()).ConfigureAwait(false);
            return Unavailable("The call cannot be written down, so it is not made.");
        }
        instruments.Admitted(clock.GetElapsedTime(started));
        // Where the upstream keeps to no limit, the request's own stands, and the hold follows the answer.
        var granted = request.Upstream.KeepsLimits ? call.Held.OutputTokens : request.Estimate.OutputTokens;
        try
        {
            await runner.RunAsync(http, dialect, call, request.BodyFor(granted), durable).ConfigureAwait(false);
        }
        finally
        {
            // Whatever went wrong in here, a call that may have been made is booked.
            if (!call.IsSettled)
                await settler.SettleAsync(call.Worst()).ConfigureAwait(false);
        }
        return null;
    }

    private CallRequest Read(Route route, byte[] body, JsonBody? json)
    {
        var model = json is null ? null : PromptRules.Model(json.Root);
        var upstream = route.Upstream ?? options.Upstreams.FirstOrDefault(candidate =>
            candidate.Protocol == route.Dialect.Name && (model is null || candidate.Models.Count == 0 || ModelNames.Have(candidate.Models, model)));
        if (upstream is null)
        {
            throw model is null
                ? new BadCallException("No upstream serves this path.", kind: ProblemKind.UnknownPath)
                : new BadCallException($"No upstream here serves the model '{model}' over this path.", "model", ProblemKind.UnknownModel);
        }
        return json is null ? route.Flat!.Read(body, upstream) : route.Metered!.Read(json, upstream, options);
    }

    /// <summary>Reserves. Should the edge die before the call is made, what was reserved is given back by whoever reads the outbox next.</summary>
    private async Task<Admission> ReserveAsync(Intent intent, string key, CallRequest request)
    {
        var estimate = request.Estimate;
        if (!request.Upstream.KeepsLimits && request.IsStream)
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
