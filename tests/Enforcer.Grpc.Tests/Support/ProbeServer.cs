using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
        HttpProtocols protocols = HttpProtocols.Http2,
        X509Certificate2? certificate = null,
        TimeSpan? shutdownTimeout = null)
    {
        options ??= new();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = shutdownTimeout ?? TimeSpan.FromSeconds(10));
        if (logs is not null)
            builder.Logging.AddProvider(logs);
        builder.WebHost.ConfigureKestrel(k =>
        {
            options.ConfigureKestrel(k);
            k.Listen(IPAddress.Loopback, 0, l =>
            {
                l.Protocols = protocols;
                if (certificate is not null)
                    l.UseHttps(certificate);
            });
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
