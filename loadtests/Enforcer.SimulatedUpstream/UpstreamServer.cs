using System.Net;
using System.Text.Json;
using Enforcer.SimulatedUpstream.Answers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Enforcer.SimulatedUpstream;

/// <summary>
/// An upstream that speaks the protocols of OpenAI and Anthropic and generates nothing but words. It counts exactly what it served:
/// <c>GET /simulated/served</c> tells it, a line for each call, and <c>GET /simulated/total</c> the sums.
/// </summary>
public sealed class UpstreamServer : IAsyncDisposable
{
    private static readonly TimeSpan BeforeCut = TimeSpan.FromMilliseconds(20);
    private readonly UpstreamOptions _options;
    private readonly CallPlanner _planner;
    private readonly WebApplication _web;
    private int _number;

    private UpstreamServer(UpstreamOptions options)
    {
        _options = options;
        _planner = new CallPlanner(options);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPEndPoint.Parse(options.Listen));
        });
        _web = builder.Build();
        _web.UseRouting();
        _web.MapGet("/simulated/served", () => Results.Text(string.Concat(Served.All.Select(call => JsonSerializer.Serialize(call) + "\n"))));
        _web.MapGet("/simulated/total", () => Results.Text(JsonSerializer.Serialize(Served.Total) + "\n"));
        _web.MapGet("/v1/models", http => PlainAsync(http, PlainAnswers.ListOfModels));
        _web.MapPost("/{**path}", AnswerAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>What it served.</summary>
    public ServedCalls Served { get; } = new();

    /// <summary>Plans the calls in place of chance; returns null to leave one to it.</summary>
    public Func<CallRequest, CallPlan?> Script { get; set; } = static _ => null;

    /// <summary>Sees the headers of every call.</summary>
    public Action<IHeaderDictionary> OnHeaders { get; set; } = static _ => { };

    /// <summary>Starts one; when this completes, it serves.</summary>
    public static async Task<UpstreamServer> StartAsync(UpstreamOptions options)
    {
        var upstream = new UpstreamServer(options);
        await upstream._web.StartAsync().ConfigureAwait(false);
        var addresses = upstream._web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        upstream.Address = new Uri(addresses.First());
        return upstream;
    }

    /// <summary>Stops it; streams that run are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _web.StopAsync(now.Token).ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        OnHeaders(http.Request.Headers);
        var path = http.Request.Path.Value!;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted).ConfigureAwait(false);
        if (!IsKnown(http.Request.Headers))
        {
            await FailAsync(http, path, 401, "wrong secret").ConfigureAwait(false);
            return;
        }
        var request = CallRequest.Read(path, body.ToArray());
        var plan = Script(request) ?? _planner.Next();
        if (plan.FailWithStatus != 0)
        {
            await FailAsync(http, path, plan.FailWithStatus, "simulated failure").ConfigureAwait(false);
            return;
        }
        await AnswerAsync(new Call(http, request, plan, Interlocked.Increment(ref _number), _options.TokensPerEvent, TimeProvider.System)).ConfigureAwait(false);
    }

    private Task AnswerAsync(Call call) => call.Request.Path switch
    {
        "/v1/chat/completions" => RunAsync(call, new ChatAnswer(call)),
        "/v1/responses" => RunAsync(call, new ResponsesAnswer(call)),
        "/v1/messages" => RunAsync(call, new MessagesAnswer(call)),
        "/v1/messages/count_tokens" => PlainAsync(call.Http, PlainAnswers.Count(call.Request)),
        "/v1/embeddings" => EmbedAsync(call),
        _ => PlainAsync(call.Http, "{}"),
    };

    private async Task RunAsync(Call call, Answer answer)
    {
        Served.Start();
        call.Http.Response.Headers["x-request-id"] = "req_" + call.Number;
        try
        {
            await (call.Request.IsStream ? answer.StreamAsync() : answer.WholeAsync()).ConfigureAwait(false);
        }
        catch (CallCutException)
        {
            // What was sent before a connection breaks has mostly arrived; without a moment it would all be lost.
            await Task.Delay(BeforeCut).ConfigureAwait(false);
            call.Http.Abort();
        }
        catch (OperationCanceledException)
        {
            // The caller has gone away; what it was sent is counted below.
        }
        finally
        {
            Served.End(call.Served(answer.Id));
        }
    }

    private Task EmbedAsync(Call call)
    {
        Served.Start();
        Served.End(call.Served("emb_" + call.Number) with
        {
            Input = call.PromptTokens,
            InputCached = 0,
            CacheWrite5m = 0,
            CacheWrite1h = 0,
            IsWhole = true,
        });
        return PlainAsync(call.Http, PlainAnswers.Embedding(call.Request));
    }

    private bool IsKnown(IHeaderDictionary headers) =>
        _options.Secret.Length == 0 || headers.Authorization == "Bearer " + _options.Secret || headers["x-api-key"] == _options.Secret;

    private static Task FailAsync(HttpContext http, string path, int status, string message)
    {
        http.Response.StatusCode = status;
        return PlainAsync(http, PlainAnswers.Failure(path, message));
    }

    private static Task PlainAsync(HttpContext http, string json)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    }
}
