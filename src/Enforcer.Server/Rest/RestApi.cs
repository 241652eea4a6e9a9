using Enforcer.Access;
using Enforcer.Grpc;
using Enforcer.Server.Operators;
using Enforcer.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Enforcer.Server.Rest;

/// <summary>The operator service as REST: the same table of methods, the same handlers, JSON instead of protobuf.</summary>
internal sealed class RestApi(OperatorMethods methods, AccessGate gate)
{
    /// <summary>Maps every method to its route.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var method in methods.All)
        {
            // As a route handler, not as a bare request delegate: only those are described.
            Delegate handler = (HttpContext context) => RunAsync(method, context);
            routes.MapMethods(method.Route, [method.Verb], handler).WithName(method.Name).WithMetadata(method);
        }
    }

    private async Task RunAsync(OperatorMethod method, HttpContext context)
    {
        try
        {
            var identity = await IdentifyAsync(method, context).ConfigureAwait(false);
            var request = await RestRequest.ReadAsync(method, context).ConfigureAwait(false);
            var items = method.RunAsync(request, new OperatorCall(identity.TokenId, context.RequestAborted));
            if (method.IsStream)
            {
                await RestStream.WriteAsync(context, items, isEndless: method.Name == "Watch").ConfigureAwait(false);
                return;
            }
            await foreach (var answer in items.ConfigureAwait(false))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(RestJson.Format(answer) + "\n", context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (GrpcStatusException fault) when (!context.Response.HasStarted)
        {
            await RestErrors.WriteAsync(context, fault).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
    }

    private ValueTask<Identity> IdentifyAsync(OperatorMethod method, HttpContext context) => gate.RequireAsync(
        context.Request.Headers.Authorization.ToString(),
        method.Needs,
        context.Request.Method + " " + context.Request.Path,
        context.Connection.RemoteIpAddress?.ToString() ?? "",
        context.RequestAborted);
}
