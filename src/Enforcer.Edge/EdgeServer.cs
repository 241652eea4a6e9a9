using System.Net;
using Enforcer.Client;
using Enforcer.Edge.Health;
using Enforcer.Edge.Observability;
using Enforcer.Edge.Options;
using Enforcer.Edge.Outbox;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Proxy;
using Enforcer.Edge.Spending;
using Enforcer.Telemetry;
using Microsoft.AspNetCore.Builder;

namespace Enforcer.Edge;

/// <summary>One edge, from its options to its address: the only place where the parts are put together.</summary>
public sealed class EdgeServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _web;
    private readonly EnforcerClient _client;
    private readonly CallOutbox _outbox;
    private readonly UpstreamCaller _caller;
    private readonly EdgeInstruments _instruments;
    private readonly Settler _settler;
    private readonly EdgeReadiness _readiness;
    private readonly PrometheusText _metrics;
    private readonly OtlpExport _export;
    private Task _settling = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    private EdgeServer(EdgeOptions options, TimeProvider clock)
    {
        _web = EdgeHosting.CreateBuilder(options).Build();
        var logs = _web.Services.GetRequiredService<ILoggerFactory>();
        var log = logs.CreateLogger<EdgeServer>();
        _outbox = CallOutbox.Open(options.Data, options.MaxOpenCalls, log);
        _client = new EnforcerClient(ClientOptions(options, clock), logs);
        _caller = new UpstreamCaller(options);
        var instruments = _instruments = new EdgeInstruments(_outbox, clock);
        _metrics = new PrometheusText(instruments.Owns);
        _export = new OtlpExport(options.Otlp, "enforcer-edge", [EdgeInstruments.MeterName]);
        var gate = new EnforcerGate(_client, TimeSpan.FromMilliseconds(options.TtlMs), clock, log);
        _settler = new Settler(_outbox, gate, instruments, clock, log);
        _readiness = new EdgeReadiness(gate, _outbox, clock, log);
        var admitter = new Admitter(gate, _outbox, _settler, _caller, instruments, options, clock);
        var runner = new CallRunner(_caller, gate, _settler, options, clock, log);
        var gateway = new Gateway(new Routes(options), gate, admitter, runner, instruments, options);
        var pages = new WatchPages(_readiness, _metrics);
        _web.Run(http => WatchPages.IsFor(http) ? pages.AnswerAsync(http) : GuardAsync(gateway, http, log));
    }

    /// <summary>Where customers connect.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Where metrics and health are told.</summary>
    public Uri Watch { get; private set; } = new("http://127.0.0.1");

    /// <summary>Calls that are open or not yet booked.</summary>
    public int OpenCalls => _outbox.Count;

    /// <summary>Starts an edge; when this completes, it serves. Calls that an earlier run left open are booked meanwhile.</summary>
    /// <exception cref="EdgeOptionsException">The options are wrong; tells all that is.</exception>
    /// <exception cref="OutboxException">The outbox is in use or damaged.</exception>
    public static async Task<EdgeServer> StartAsync(EdgeOptions options, TimeProvider clock, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (EdgeOptionsForm.Problems(options) is { Count: > 0 } problems)
            throw new EdgeOptionsException(problems);
        var edge = new EdgeServer(options, clock);
        try
        {
            await edge.StartAsync(options, cancellation).ConfigureAwait(false);
            return edge;
        }
        catch
        {
            await edge.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops taking calls, brings those under way to their end within bounds, and closes the outbox.</summary>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _settling.ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        await _outbox.DisposeAsync().ConfigureAwait(false);
        await _client.DisposeAsync().ConfigureAwait(false);
        _caller.Dispose();
        _export.Dispose();
        _metrics.Dispose();
        _instruments.Dispose();
        await _web.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static EnforcerClientOptions ClientOptions(EdgeOptions options, TimeProvider clock)
    {
        var timeout = TimeSpan.FromMilliseconds(options.EnforcerTimeoutMs);
        return new EnforcerClientOptions
        {
            Endpoints = [new Uri(options.Enforcer).GetLeftPart(UriPartial.Authority)],
            Token = options.Token,
            Timeout = timeout,
            ConnectTimeout = timeout,
            MaxInFlight = EnforcerClientOptions.MaxInFlightBound,
            TimeProvider = clock,
        };
    }

    /// <summary>A fault of the edge's own never looks like an answer of a provider's.</summary>
    private static async Task GuardAsync(Gateway gateway, HttpContext http, ILogger log)
    {
        try
        {
            await gateway.HandleAsync(http).ConfigureAwait(false);
        }
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
        {
            EdgeLog.CallFailed(log, failure);
            if (http.Response.HasStarted)
                http.Abort();
            else
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private async Task StartAsync(EdgeOptions options, CancellationToken cancellation)
    {
        var log = _web.Services.GetRequiredService<ILoggerFactory>().CreateLogger<EdgeServer>();
        var open = _outbox.Count;
        _settling = Task.Run(() => _settler.RunAsync(_stopping.Token), CancellationToken.None);
        _watching = Task.Run(() => _readiness.RunAsync(_stopping.Token), CancellationToken.None);
        await _web.StartAsync(cancellation).ConfigureAwait(false);
        (Address, Watch) = EdgeHosting.AddressesOf(_web);
        EdgeLog.Started(log, Address, options.Enforcer, open);
        if (Address.Scheme == Uri.UriSchemeHttp && !(IPAddress.TryParse(Address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip)))
            EdgeLog.InTheClear(log, Address);
    }
}
