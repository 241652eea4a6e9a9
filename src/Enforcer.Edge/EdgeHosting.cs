using System.Net;
using System.Security.Cryptography.X509Certificates;
using Enforcer.Edge.Health;
using Enforcer.Edge.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Console;

namespace Enforcer.Edge;

/// <summary>Kestrel with two addresses: customers on one, machines that watch on the other.</summary>
internal static class EdgeHosting
{
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(25);

    public static WebApplicationBuilder CreateBuilder(EdgeOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // The host makes an activity of every request while that category may log anything at all; with traces on, their listener asks for one.
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // The standard output belongs to whoever starts the edge: what it prints there can be piped.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.JsonLogs)
            builder.Logging.AddJsonConsole();
        else
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        // Answers under way are brought to their end.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = PatienceAtTheEnd);
        var certificate = options.TlsCertificate.Length == 0 ? null : Certificate(options);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The edge has its own bound, which it tells in the provider's shape.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPEndPoint.Parse(options.Listen), listen => Configure(listen, certificate));
            kestrel.Listen(IPEndPoint.Parse(options.Watch), listen =>
            {
                listen.Use(static next => connection =>
                {
                    connection.Features.Set(WatchConnection.Instance);
                    return next(connection);
                });
                Configure(listen, certificate);
            });
        });
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        return builder;
    }

    /// <summary>The addresses as they are, ports that were 0 filled in.</summary>
    public static (Uri Customers, Uri Watch) AddressesOf(WebApplication web)
    {
        var addresses = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        return (new Uri(addresses[0]), new Uri(addresses[1]));
    }

    private static void Configure(ListenOptions listen, X509Certificate2? certificate)
    {
        listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (certificate is not null)
            listen.UseHttps(certificate);
    }

    private static X509Certificate2 Certificate(EdgeOptions options)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(options.TlsCertificate, options.TlsKey);
        }
        catch (Exception problem) when (problem is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new EdgeOptionsException($"tls_certificate '{options.TlsCertificate}' and tls_key cannot be read: {problem.Message}; give PEM files that belong together.", problem);
        }
    }
}
