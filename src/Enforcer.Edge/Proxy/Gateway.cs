using Enforcer.Client;
using Enforcer.Edge.Observability;
using Enforcer.Edge.Options;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Requests;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Proxy;

/// <summary>The way of one call: route, key, request, reserve, outbox, upstream; and what is told to whoever does not come that far.</summary>
internal sealed class Gateway(Routes routes, ISpendGate gate, Admitter admitter, CallRunner runner, EdgeInstruments instruments, EdgeOptions options)
{
    private const string NoRoute = "other";

    public async Task HandleAsync(HttpContext http)
    {
        var route = routes.Find(http.Request);
        var dialect = route?.Dialect ?? Routes.Guess(http.Request);
        var outcome = CallOutcomes.Failed;
        try
        {
            outcome = await PassAsync(http, route, dialect).ConfigureAwait(false);
        }
        catch (BadCallException bad)
        {
            outcome = await TellAsync(http, dialect, bad.ToProblem()).ConfigureAwait(false);
        }
        catch (GateClosedException)
        {
            outcome = await TellAsync(http, dialect, Admitter.Unavailable("Spending cannot be checked now, so nothing passes.")).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The customer has gone before anything was reserved.
            outcome = CallOutcomes.Gone;
        }
        finally
        {
            instruments.Ended(route?.Path ?? NoRoute, dialect, outcome);
        }
    }

    private static async Task<string> TellAsync(HttpContext http, Dialect dialect, Problem problem)
    {
        await dialect.TellAsync(http, problem).ConfigureAwait(false);
        return CallOutcomes.Of(problem.Kind);
    }

    /// <summary>Brings the call to its end, whatever that is.</summary>
    private async Task<string> PassAsync(HttpContext http, Route? route, Dialect dialect)
    {
        var (admitted, problem) = await AdmitAsync(http, route, dialect).ConfigureAwait(false);
        if (problem is not null)
            return await TellAsync(http, dialect, problem).ConfigureAwait(false);
        return admitted is null ? CallOutcomes.Gone : await runner.RunAsync(http, dialect, admitted).ConfigureAwait(false);
    }

    /// <summary>What the request asks for lives no longer than this: the answer may take minutes.</summary>
    private async Task<(AdmittedCall? Call, Problem? Problem)> AdmitAsync(HttpContext http, Route? route, Dialect dialect)
    {
        if (route is null)
        {
            return (null, new Problem(ProblemKind.UnknownPath, $"{http.Request.Method} {http.Request.Path} is not offered here. The operator must list a path before it passes.")
            { ShouldRetry = false });
        }
        if (dialect.KeyOf(http.Request.Headers, out var wrong) is not { } key)
            return (null, new Problem(ProblemKind.Unauthenticated, wrong) { ShouldRetry = false });
        if (key.Length > AccountReference.MaxLength || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return (null, new Problem(ProblemKind.Unauthenticated, "The key is not valid here. Check that it was copied whole.") { ShouldRetry = false });
        // Before the body: whom nobody knows does not get to send megabytes.
        if (await gate.PlanAsync(key).ConfigureAwait(false) is not { } intent)
            return (null, new Problem(ProblemKind.Unauthenticated, RefusalReading.UnknownKey) { ShouldRetry = false });
        var body = await BodyReader.ReadAsync(http.Request, options.MaxRequestBytes, http.RequestAborted).ConfigureAwait(false);
        using var json = route.Metered is null ? null : JsonBody.Parse(body);
        return await admitter.AdmitAsync(http, dialect, intent, key, Read(route, body, json)).ConfigureAwait(false);
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
}
