using Microsoft.AspNetCore.Builder;

namespace Enforcer.Grpc;

/// <summary>Puts a gRPC server into a pipeline.</summary>
public static class GrpcApplicationBuilderExtensions
{
    /// <summary>
    /// Serves gRPC and passes everything else on. Call it before any other middleware; a <c>WebApplication</c> puts routing in
    /// front of everything unless <c>UseRouting</c> is called after this.
    /// </summary>
    public static IApplicationBuilder UseGrpc(this IApplicationBuilder app, GrpcServer server)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(server);
        return app.Use(next => context => server.TryHandle(context, out var call) ? call : next(context));
    }
}
