using System.Net;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enforcer.LoadTests.Rivals;

/// <summary>The server side of the empty call: the project's gRPC layer, one unary method that does nothing.</summary>
internal static class EmptyServer
{
    public const string Method = "Release";

    public static async Task RunAsync(int port, CancellationToken cancellation)
    {
        var options = new GrpcServerOptions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            options.ConfigureKestrel(kestrel);
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        await using var app = builder.Build();
        var empty = new Outcome();
        var service = new GrpcService(EdgeReflection.Descriptor.Services[0])
            .Unary<ReleaseRequest, Outcome>(Method, (_, _) => ValueTask.FromResult(empty));
        app.UseGrpc(new GrpcServer([service], options));
        await app.StartAsync(cancellation).ConfigureAwait(false);
        await app.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
    }
}
