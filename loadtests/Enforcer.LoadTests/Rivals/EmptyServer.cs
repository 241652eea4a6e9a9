using System.Net;
using Enforcer.Grpc;
using Enforcer.LoadTests.Rivals.Protos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enforcer.LoadTests.Rivals;

/// <summary>The server side of the empty call: the project's gRPC layer, one unary method that does nothing.</summary>
internal static class EmptyServer
{
    private static readonly Google.Protobuf.Reflection.ServiceDescriptor Service = CeilingReflection.Descriptor.Services[0];

    public static GrpcMethod<Nothing, Nothing> Call { get; } = GrpcMethod.Create<Nothing, Nothing>(Service, "Call");

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
        var empty = new Nothing();
        var service = new GrpcService(Service).Unary<Nothing, Nothing>("Call", (_, _) => ValueTask.FromResult(empty));
        app.UseGrpc(new GrpcServer([service], options));
        await app.StartAsync(cancellation).ConfigureAwait(false);
        await app.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
    }
}
