using System.Text.Json;
using Enforcer.Grpc;
using Google.Rpc;
using Microsoft.AspNetCore.Http;

namespace Enforcer.Server.Rest;

/// <summary>What gRPC says with a status, said in HTTP: problem+json (RFC 9457) with the same words and the same reason.</summary>
internal static class RestErrors
{
    public static async Task WriteAsync(HttpContext context, GrpcStatusException fault)
    {
        var status = StatusOf(fault.Code);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
        var problem = new Dictionary<string, object?>
        {
            ["type"] = "about:blank",
            ["title"] = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            ["status"] = status,
            ["detail"] = fault.Message,
            ["reason"] = fault.Detail<ErrorInfo>()?.Reason,
            ["field"] = fault.Detail<BadRequest>()?.FieldViolations.FirstOrDefault()?.Field,
        };
        await context.Response.WriteAsync(JsonSerializer.Serialize(problem), context.RequestAborted).ConfigureAwait(false);
    }

    private static int StatusOf(GrpcStatus code) => code switch
    {
        GrpcStatus.InvalidArgument => StatusCodes.Status400BadRequest,
        GrpcStatus.Unauthenticated => StatusCodes.Status401Unauthorized,
        GrpcStatus.PermissionDenied => StatusCodes.Status403Forbidden,
        GrpcStatus.NotFound => StatusCodes.Status404NotFound,
        GrpcStatus.AlreadyExists or GrpcStatus.FailedPrecondition => StatusCodes.Status409Conflict,
        GrpcStatus.ResourceExhausted => StatusCodes.Status413PayloadTooLarge,
        GrpcStatus.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
