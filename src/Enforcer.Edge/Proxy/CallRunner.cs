using System.Text.Json;
using Enforcer.Edge.Observability;
using Enforcer.Edge.Options;
using Enforcer.Edge.Outbox;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Proxy;

/// <summary>Makes a call for which money is held, passes its answer on, and settles it whatever happens.</summary>
internal sealed class CallRunner(
    UpstreamCaller caller, ISpendGate gate, Settler settler, EdgeOptions options, TimeProvider clock, ILogger log)
{
    /// <returns>How it ended, in the words of the metric.</returns>
    public async Task<string> RunAsync(HttpContext http, Dialect dialect, AdmittedCall admitted)
    {
        var call = admitted.Call;
        try
        {
            return await PassAsync(http, dialect, admitted).ConfigureAwait(false);
        }
        finally
        {
            // Whatever went wrong in here, a call that may have been made is booked.
            if (!call.IsSettled)
                Settle(call, call.Worst());
        }
    }

    private async Task<string> PassAsync(HttpContext http, Dialect dialect, AdmittedCall admitted)
    {
        var call = admitted.Call;
        using var patience = new UpstreamPatience(options, clock, http.RequestAborted);
        HttpResponseMessage answer;
        try
        {
            answer = await caller.SendAsync(admitted.Message, patience.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return await FailAsync(http, dialect, call, failure).ConfigureAwait(false);
        }
        using (answer)
        {
            call.RequestId = AnswerHead.RequestIdOf(answer);
            await admitted.Durable.ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
                return await PassFailureAsync(http, dialect, call, answer, patience).ConfigureAwait(false);
            return answer.Content.Headers.ContentType?.MediaType == "text/event-stream"
                ? await StreamAsync(http, dialect, call, answer, patience).ConfigureAwait(false)
                : await WholeAsync(http, dialect, call, answer, patience).ConfigureAwait(false);
        }
    }

    /// <summary>A call that never left costs nothing; of one that was sent and has no answer nobody knows what it cost.</summary>
    private async Task<string> FailAsync(HttpContext http, Dialect dialect, RunningCall call, Exception failure)
    {
        EdgeLog.UpstreamFailed(log, call.Request.Upstream.Name, failure.Message);
        var neverLeft = failure is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        };
        Settle(call, neverLeft ? call.Nothing() : Estimated(call, call.Worst(), "the upstream gave no answer"));
        if (!http.RequestAborted.IsCancellationRequested)
        {
            await TellAsync(http, dialect, call, neverLeft ? "The upstream cannot be reached. Nothing was charged." : "The upstream broke off before it answered.", neverLeft)
                .ConfigureAwait(false);
        }
        return neverLeft ? CallOutcomes.Unreachable : CallOutcomes.NoAnswer;
    }

    private static Task TellAsync(HttpContext http, Dialect dialect, RunningCall call, string message, bool shouldRetry) =>
        dialect.TellAsync(http, new Problem(ProblemKind.UpstreamFailed, message) { ShouldRetry = shouldRetry, Rates = call.Held.Rates });

    /// <summary>Providers do not bill what they refuse. That they refuse the operator is not for the customer to see.</summary>
    private async Task<string> PassFailureAsync(HttpContext http, Dialect dialect, RunningCall call, HttpResponseMessage answer, UpstreamPatience patience)
    {
        Settle(call, call.Nothing());
        var status = (int)answer.StatusCode;
        if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        {
            EdgeLog.SecretRefused(log, call.Request.Upstream.Name, status);
            await TellAsync(http, dialect, call, "The upstream does not serve this gateway. Nothing was charged.", shouldRetry: false).ConfigureAwait(false);
        }
        else
        {
            AnswerHead.Copy(answer, http.Response, dialect, call.Held);
            await CopyRestAsync(http, answer.Content, patience).ConfigureAwait(false);
        }
        return CallOutcomes.RefusedByUpstream;
    }

    private async Task<string> StreamAsync(HttpContext http, Dialect dialect, RunningCall call, HttpResponseMessage answer, UpstreamPatience patience)
    {
        AnswerHead.Copy(answer, http.Response, dialect, call.Held);
        await using var from = await answer.Content.ReadAsStreamAsync(CancellationToken.None).ConfigureAwait(false);
        var pump = new StreamPump(http, from, call, patience, gate, settler, options, clock);
        await StartAsync(http, patience).ConfigureAwait(false);
        var end = await pump.RunAsync(() => Settle(call, call.Ended(isWhole: true))).ConfigureAwait(false);
        if (!call.IsSettled)
            Settle(call, Ended(call, end));
        // A customer must not take half an answer for a whole one.
        if (end == StreamEnd.Cut && !patience.HasCustomerLeft)
            http.Abort();
        return end switch
        {
            StreamEnd.Whole => CallOutcomes.Whole,
            StreamEnd.Refused => CallOutcomes.CutAtCap,
            StreamEnd.Left => CallOutcomes.LeftByCustomer,
            _ => CallOutcomes.CutByUpstream,
        };
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

    private async Task<string> WholeAsync(HttpContext http, Dialect dialect, RunningCall call, HttpResponseMessage answer, UpstreamPatience patience)
    {
        await using var from = await answer.Content.ReadAsStreamAsync(CancellationToken.None).ConfigureAwait(false);
        var (body, end) = await WholeAnswer.ReadAsync(from, options.MaxAnswerBytes, patience).ConfigureAwait(false);
        if (end == WholeEnd.Complete)
            Read(call, body);
        else
            call.Tally.CountUnread(call.Held.OutputTokens); // The rest was generated too, whether it arrived or not.
        // Told before the customer can send his next call, so that it finds what this one gives back.
        Settle(call, Ended(call, end == WholeEnd.Complete ? StreamEnd.Whole : StreamEnd.Cut));
        try
        {
            if (end == WholeEnd.Broken)
                await TellAsync(http, dialect, call, "The upstream broke off in the middle of its answer.", shouldRetry: false).ConfigureAwait(false);
            else
                await PassWholeAsync(http, dialect, call, answer, body, end == WholeEnd.Complete ? null : from).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or HttpRequestException)
        {
            http.Abort();
        }
        return end switch
        {
            WholeEnd.Complete => CallOutcomes.Whole,
            WholeEnd.TooLong => CallOutcomes.TooLong,
            _ => CallOutcomes.CutByUpstream,
        };
    }

    private static async Task PassWholeAsync(HttpContext http, Dialect dialect, RunningCall call, HttpResponseMessage answer, ReadOnlyMemory<byte> body, Stream? rest)
    {
        AnswerHead.Copy(answer, http.Response, dialect, call.Held);
        if (rest is null)
            http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);
        if (rest is not null)
            await rest.CopyToAsync(http.Response.Body, http.RequestAborted).ConfigureAwait(false);
    }

    private void Settle(RunningCall call, Settlement settlement)
    {
        call.IsSettled = true;
        settler.Settle(settlement);
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
