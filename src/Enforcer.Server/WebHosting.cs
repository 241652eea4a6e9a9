using System.Net;
using System.Security.Cryptography.X509Certificates;
using Enforcer.Grpc;
using Enforcer.Server.Health;
using Enforcer.Server.Nodes;
using Enforcer.Server.Options;
using Enforcer.Server.Rest;
using Enforcer.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Enforcer.Server;

/// <summary>
/// Kestrel with two addresses: gRPC on one, everything for people and machines that watch on the other; and a third one for the other nodes, if they have certificates.
/// </summary>
internal static class WebHosting
{
    public static WebApplicationBuilder CreateBuilder(EnforcerServerOptions options, NodeListening? nodes)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        // Streams are told to end when the server stops; a client that does not let go of one is waited for so long and no longer.
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        // The host makes an activity of every request while this category may log anything at all; with traces on, their listener asks for one.
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Orleans", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            // A start that fails is thrown to whoever started the server, who says it in a line.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // The standard output belongs to whoever starts the server: what it prints there can be piped.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.JsonLogs) builder.Logging.AddJsonConsole();
        else builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        var certificate = options.TlsCertificate.Length == 0 ? null : Certificate(options);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            new GrpcServerOptions().ConfigureKestrel(kestrel);
            // Sessions live long and may be quiet; the gRPC layer has its own limits for slow and silent peers.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPEndPoint.Parse(options.Grpc), listen => Configure(listen, HttpProtocols.Http2, certificate));
            kestrel.Listen(IPEndPoint.Parse(options.Http), listen => Configure(listen, certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2, certificate));
            if (nodes is not null) kestrel.Listen(nodes.Address, nodes.Configure);
        });
        if (certificate is not null || nodes is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        return builder;
    }

    public static void Map(WebApplication web, GrpcServer grpc, RestApi rest, Readiness readiness, PrometheusText metrics)
    {
        web.UseGrpc(grpc);
        web.UseStatusCodePages(pages => RestErrors.WriteUnknownAsync(pages.HttpContext));
        web.UseRouting();
        web.MapOpenApi();
        rest.Map(web);
        web.MapGet("/livez", () => Results.Text("alive\n"));
        web.MapGet("/readyz", () => Ready(readiness));
        web.MapGet("/healthz", () => Ready(readiness));
        web.MapGet("/metrics", () => Results.Text(metrics.Read(), "text/plain; version=0.0.4"));
    }

    /// <summary>The addresses as they are, ports that were 0 filled in; other nodes call that of gRPC, unless they have one of their own.</summary>
    public static (Uri Grpc, Uri Http, Uri Nodes) AddressesOf(WebApplication web)
    {
        var addresses = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        return (new Uri(addresses[0]), new Uri(addresses[1]), new Uri(addresses.Length > 2 ? addresses[2] : addresses[0]));
    }

    private static IResult Ready(Readiness readiness) => readiness.Problem is { } problem
        ? Results.Text(problem + "\n", statusCode: StatusCodes.Status503ServiceUnavailable)
        : Results.Text("ready\n");

    private static void Configure(ListenOptions listen, HttpProtocols protocols, X509Certificate2? certificate)
    {
        listen.Protocols = protocols;
        if (certificate is not null) listen.UseHttps(certificate);
    }

    private static X509Certificate2 Certificate(EnforcerServerOptions options)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(options.TlsCertificate, options.TlsKey);
        }
        catch (Exception problem) when (problem is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new OptionsException($"tls_certificate '{options.TlsCertificate}' and tls_key cannot be read: {problem.Message}; give PEM files that belong together.", problem);
        }
    }
}
