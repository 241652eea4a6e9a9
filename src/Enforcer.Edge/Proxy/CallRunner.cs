using System.Text.Json;
using Enforcer.Edge.Observability;
using Enforcer.Edge.Options;
using Enforcer.Edge.Outbox;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Proxy;

/// <summary>Makes a call for which money is held, passes its answer on, and settles it whatever happens.</summary>
internal sealed class CallRunner(
    UpstreamCaller caller, ISpendGate gate, Settler settler, EdgeInstruments instruments, EdgeOptions options, TimeProvider clock, ILogger log)
{
    /// <param name="http">The customer.</param>
    /// <param name="dialect">His provider's shapes.</param>
    /// <param name="call">The call.</param>
    /// <param name="body">What the upstream gets.</param>
    /// <param name="durable">Completes when the outbox has the call on disk. A disk that fails then stops the calls after this one.</param>
    public async Task RunAsync(HttpContext http, Dialect dialect, RunningCall call, byte[] body, Task durable)
    {
        using var patience = new UpstreamPatience(options, clock, http.RequestAborted);
        HttpResponseMessage answer;
        try
        {
            answer = await caller.SendAsync(http.Request, call.Request.Upstream, dialect, body, patience.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            await FailAsync(http, dialect, call, failure).ConfigureAwait(false);
            return;
        }
        using (answer)
        {
            call.RequestId = AnswerHead.RequestIdOf(answer);
            await durable.ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
                await PassFailureAsync(http, dialect, call, answer, patience).ConfigureAwait(false);
            else if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
                await StreamAsync(http, call, answer, patience).ConfigureAwait(false);
            else
                await WholeAsync(http, dialect, call, answer, patience).ConfigureAwait(false);
        }
    }

    /// <summary>A call that never left costs nothing; of one that was sent and has no answer nobody knows what it cost.</summary>
    private async Task FailAsync(HttpContext http, Dialect dialect, RunningCall call, Exception failure)
    {
        EdgeLog.UpstreamFailed(log, call.Request.Upstream.Name, failure.Message);
        var neverLeft = failure is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        };
        var settling = SettleAsync(call, neverLeft ? call.Nothing() : Estimated(call, call.Worst(), "the upstream gave no answer"));
        instruments.Ended(neverLeft ? "unreachable" : "no_answer");
        if (!http.RequestAborted.IsCancellationRequested)
        {
            await dialect.TellAsync(http, new Problem(ProblemKind.UpstreamFailed,
                neverLeft ? "The upstream cannot be reached. Nothing was charged." : "The upstream broke off before it answered.")
            { ShouldRetry = neverLeft }).ConfigureAwait(false);
        }
        await settling.ConfigureAwait(false);
    }

    /// <summary>Providers do not bill what they refuse. That they refuse the operator is not for the customer to see.</summary>
    private async Task PassFailureAsync(HttpContext http, Dialect dialect, RunningCall call, HttpResponseMessage answer, UpstreamPatience patience)
    {
        var settling = SettleAsync(call, call.Nothing());
        instruments.Ended("refused_by_upstream");
        var status = (int)answer.StatusCode;
        if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        {
            EdgeLog.SecretRefused(log, call.Request.Upstream.Name, status);
            await dialect.TellAsync(http, new Problem(ProblemKind.UpstreamFailed, "The upstream does not serve this gateway. Nothing was charged.") { ShouldRetry = false })
                .ConfigureAwait(false);
        }
        else
        {
            AnswerHead.Copy(answer, http.Response, call.Held.ReservationId);
            await CopyRestAsync(http, answer.Content, patience).ConfigureAwait(false);
        }
        await settling.ConfigureAwait(false);
    }

    private async Task StreamAsync(HttpContext http, RunningCall call, HttpResponseMessage answer, UpstreamPatience patience)
    {
        AnswerHead.Copy(answer, http.Response, call.Held.ReservationId);
        await using var from = await answer.Content.ReadAsStreamAsync(CancellationToken.None).ConfigureAwait(false);
        var pump = new StreamPump(http, from, call, patience, gate, settler, options, clock);
        Task? settling = null;
        await StartAsync(http, patience).ConfigureAwait(false);
        var end = await pump.RunAsync(() => settling = SettleAsync(call, call.Ended(isWhole: true))).ConfigureAwait(false);
        settling ??= SettleAsync(call, Ended(call, end));
        instruments.Ended(end.ToString());
        // A customer must not take half an answer for a whole one.
        if (end == StreamEnd.Cut && !patience.HasCustomerLeft)
            http.Abort();
        await settling.ConfigureAwait(false);
    }

    /// <summary>The head of the answer leaves before its first piece, as it does at the upstream.</summary>
    private static async Task StartAsync(HttpContext http, UpstreamPatience patience)
    {
        try
        {
            await http.Response.StartAsync(http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            patience.CustomerLeft();
        }
    }

    private async Task WholeAsync(HttpContext http, Dialect dialect, RunningCall call, HttpResponseMessage answer, UpstreamPatience patience)
    {
        await using var from = await answer.Content.ReadAsStreamAsync(CancellationToken.None).ConfigureAwait(false);
        var (body, end) = await WholeAnswer.ReadAsync(from, options.MaxAnswerBytes, patience).ConfigureAwait(false);
        if (end == WholeEnd.Complete)
            Read(call, body);
        else
            call.Tally.CountUnread(call.Held.OutputTokens); // The rest was generated too, whether it arrived or not.
        // Told before the customer can send his next call, so that it finds what this one gives back.
        var settling = SettleAsync(call, Ended(call, end == WholeEnd.Complete ? StreamEnd.Whole : StreamEnd.Cut));
        instruments.Ended(end.ToString());
        try
        {
            if (end == WholeEnd.Broken)
                await dialect.TellAsync(http, new Problem(ProblemKind.UpstreamFailed, "The upstream broke off in the middle of its answer.") { ShouldRetry = false }).ConfigureAwait(false);
            else
                await PassWholeAsync(http, call, answer, body, end == WholeEnd.Complete ? null : from).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or HttpRequestException)
        {
            http.Abort();
        }
        await settling.ConfigureAwait(false);
    }

    private static async Task PassWholeAsync(HttpContext http, RunningCall call, HttpResponseMessage answer, ReadOnlyMemory<byte> body, Stream? rest)
    {
        AnswerHead.Copy(answer, http.Response, call.Held.ReservationId);
        if (rest is null)
            http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);
        if (rest is not null)
            await rest.CopyToAsync(http.Response.Body, http.RequestAborted).ConfigureAwait(false);
    }

    private Task SettleAsync(RunningCall call, Settlement settlement)
    {
        call.IsSettled = true;
        return settler.SettleAsync(settlement);
    }

    private static void Read(RunningCall call, ReadOnlyMemory<byte> body)
    {
        try
        {
            call.Tally.OnWhole(body.Span);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            call.Tally.CountUnread(body.Length);
        }
    }

    private static async Task CopyRestAsync(HttpContext http, HttpContent content, UpstreamPatience patience)
    {
        try
        {
            await content.CopyToAsync(http.Response.Body, patience.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or HttpRequestException)
        {
            http.Abort();
        }
    }

    private Settlement Ended(RunningCall call, StreamEnd end)
    {
        var settlement = call.Ended(end == StreamEnd.Whole);
        return settlement.IsEstimated ? Estimated(call, settlement, $"the answer ended without its usage ({end})") : settlement;
    }

    private Settlement Estimated(RunningCall call, Settlement settlement, string reason)
    {
        EdgeLog.Estimated(log, call.Held.ReservationId, reason);
        return settlement;
    }
}
