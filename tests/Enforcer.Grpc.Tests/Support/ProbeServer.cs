using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Enforcer.Grpc.Tests.Support;

/// <summary>A server on a free loopback port.</summary>
public sealed class ProbeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProbeServer(WebApplication app, ProbeService probe)
    {
        _app = app;
        Probe = probe;
        Address = new Uri(app.Urls.First());
    }

    public Uri Address { get; }

    public ProbeService Probe { get; }

    public static async Task<ProbeServer> StartAsync(
        GrpcServerOptions? options = null,
        IEnumerable<GrpcInterceptor>? interceptors = null,
        IEnumerable<GrpcService>? services = null,
        ILoggerProvider? logs = null,
        Action<KestrelServerOptions>? kestrel = null,
        HttpProtocols protocols = HttpProtocols.Http2)
    {
        options ??= new();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (logs is not null)
            builder.Logging.AddProvider(logs);
        builder.WebHost.ConfigureKestrel(k =>
        {
            options.ConfigureKestrel(k);
            kestrel?.Invoke(k);
            k.Listen(IPAddress.Loopback, 0, l => l.Protocols = protocols);
        });
        var app = builder.Build();
        var probe = new ProbeService();
        var logger = new Logger<GrpcServer>((ILoggerFactory)app.Services.GetService(typeof(ILoggerFactory))!);
        app.UseGrpc(new GrpcServer([probe.Bind(), .. services ?? []], options, interceptors, logger));
        await app.StartAsync();
        return new(app, probe);
    }

    public GrpcChannel Connect(GrpcChannelOptions? options = null) => new(Address, options);

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
