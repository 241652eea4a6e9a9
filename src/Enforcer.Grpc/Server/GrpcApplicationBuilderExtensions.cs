using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Enforcer.Grpc;

/// <summary>Puts a gRPC server into a pipeline.</summary>
public static class GrpcApplicationBuilderExtensions
{
    /// <summary>
    /// Serves gRPC and passes everything else on. Call it before any other middleware; a <c>WebApplication</c> puts routing in
    /// front of everything unless <c>UseRouting</c> is called after this. When the host stops, streams are told to end.
    /// </summary>
    public static IApplicationBuilder UseGrpc(this IApplicationBuilder app, GrpcServer server)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(server);
        var stopping = app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        return app.Use(next => context => server.TryHandle(context, stopping, out var call) ? call : next(context));
    }
}
