using System.Text;
using Microsoft.AspNetCore.Http;

namespace Enforcer.SimulatedUpstream.Answers;

/// <summary>One protocol's way of answering a call. Texts are plain ASCII without quotes, so they are written into JSON as they are.</summary>
internal abstract class Answer(Call call)
{
    protected Call Call { get; } = call;

    /// <summary>The id that the answer carries.</summary>
    public abstract string Id { get; }

    /// <summary>The answer in one piece.</summary>
    public async Task WholeAsync()
    {
        var text = await Call.GenerateAsync().ConfigureAwait(false);
        var body = Encoding.UTF8.GetBytes(Whole(text));
        var response = Call.Http.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (Call.Plan.CutAfterTokens is not null)
        {
            await response.Body.WriteAsync(body.AsMemory(0, body.Length / 2)).ConfigureAwait(false);
            await response.Body.FlushAsync().ConfigureAwait(false);
            throw new CallCutException();
        }
        await response.Body.WriteAsync(body).ConfigureAwait(false);
        Call.IsWhole = true;
    }

    /// <summary>The answer as a stream of events.</summary>
    public async Task StreamAsync()
    {
        Call.Http.Response.ContentType = "text/event-stream; charset=utf-8";
        await Call.BeginAsync().ConfigureAwait(false);
        await SendAsync(Opening()).ConfigureAwait(false);
        await Call.StreamAsync(text => SendAsync(Piece(text))).ConfigureAwait(false);
        await SendAsync(Closing()).ConfigureAwait(false);
        Call.IsWhole = true;
    }

    /// <summary>The whole answer as JSON.</summary>
    protected abstract string Whole(string text);

    /// <summary>The events before the first piece of text.</summary>
    protected abstract string Opening();

    /// <summary>The event of a piece of text.</summary>
    protected abstract string Piece(string text);

    /// <summary>The events after the last piece of text.</summary>
    protected abstract string Closing();

    private async Task SendAsync(string events)
    {
        if (events.Length == 0)
            return;
        await Call.Http.Response.WriteAsync(events).ConfigureAwait(false);
        await Call.Http.Response.Body.FlushAsync().ConfigureAwait(false);
    }
}
