using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Enforcer.SimulatedUpstream;

/// <summary>
/// One call while it runs: generates tokens at its pace and counts each as served once it was handed to the connection. A caller
/// that has gone away ends it, as it does at a real upstream.
/// </summary>
internal sealed class Call(HttpContext http, CallRequest request, CallPlan plan, int number, int tokensPerEvent, TimeProvider clock)
{
    private static readonly string[] Words = [" the", " cap", " holds", " and", " every", " token", " is", " counted", " once", " more"];
    private readonly long _cached = (long)request.PromptTokens * plan.CachedPercent / 100;
    private readonly long _written = (long)request.PromptTokens * plan.CacheWritePercent / 100;
    private readonly StringBuilder _text = new();
    private long _visible;
    private bool _hasReasoned;

    public CallRequest Request => request;

    public CallPlan Plan => plan;

    public HttpContext Http => http;

    public string Number { get; } = number.ToString("x8", CultureInfo.InvariantCulture);

    public long Created { get; } = clock.GetUtcNow().ToUnixTimeSeconds();

    public bool IsWhole { get; set; }

    public long CachedTokens => _cached;

    public long CacheWriteTokens => _written;

    public long PlainTokens => request.PromptTokens - _cached - (2 * _written);

    public long PromptTokens => request.PromptTokens;

    /// <summary>Whether the request's own limit ends the answer.</summary>
    public bool IsLimited => !plan.IgnoresLimit && request.MostTokens < plan.OutputTokens;

    public long TotalTokens => IsLimited ? request.MostTokens!.Value : plan.OutputTokens;

    public long ReasoningTokens => Math.Min(plan.ReasoningTokens, TotalTokens);

    public long VisibleTokens => TotalTokens - ReasoningTokens;

    /// <summary>All text sent so far.</summary>
    public string Text => _text.ToString();

    /// <summary>What was really served by now.</summary>
    public ServedCall Served(string id) => new(
        id, request.Path, request.Model, http.Response.StatusCode, PlainTokens, _cached, _written, _written,
        _visible, _hasReasoned ? ReasoningTokens : 0, plan.WebSearches, IsWhole);

    /// <summary>Waits as a call waits for its first byte, and reasons.</summary>
    public async Task BeginAsync()
    {
        if (plan.LatencyMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(plan.LatencyMs), clock, http.RequestAborted).ConfigureAwait(false);
        _hasReasoned = true;
    }

    /// <summary>Generates the whole answer at once.</summary>
    public async Task<string> GenerateAsync()
    {
        await BeginAsync().ConfigureAwait(false);
        await PaceAsync(TotalTokens).ConfigureAwait(false);
        while (_visible < VisibleTokens)
            Append(1);
        return Text;
    }

    /// <summary>Generates piece by piece. A piece counts as served when it was sent.</summary>
    public async Task StreamAsync(Func<string, Task> send)
    {
        while (_visible < VisibleTokens)
        {
            var piece = (int)Math.Min(tokensPerEvent, VisibleTokens - _visible);
            if (plan.CutAfterTokens is { } cut)
            {
                if (_visible >= cut)
                    throw new CallCutException();
                piece = (int)Math.Min(piece, cut - _visible);
            }
            await PaceAsync(piece).ConfigureAwait(false);
            http.RequestAborted.ThrowIfCancellationRequested();
            var start = _text.Length;
            Append(piece);
            await send(_text.ToString(start, _text.Length - start)).ConfigureAwait(false);
        }
        if (plan.CutAfterTokens is not null)
            throw new CallCutException();
    }

    private void Append(int tokens)
    {
        for (var i = 0; i < tokens; i++)
            _text.Append(Words[(int)(_visible++ % Words.Length)]);
    }

    private Task PaceAsync(long tokens) => plan.TokensPerSecond == 0
        ? Task.CompletedTask
        : Task.Delay(TimeSpan.FromSeconds((double)tokens / plan.TokensPerSecond), clock, http.RequestAborted);
}
