using System.Text.Encodings.Web;
using System.Text.Json;
using Enforcer.Grpc;
using Google.Rpc;
using Microsoft.AspNetCore.Http;

namespace Enforcer.Server.Rest;

/// <summary>What gRPC says with a status, said in HTTP: problem+json (RFC 9457) with the same words and the same reason.</summary>
internal static class RestErrors
{
    // The text stands in no page, so that nothing in it needs to be escaped beyond what JSON asks for; people read it in terminals.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext context, GrpcStatusException fault) => WriteAsync(context, fault, StatusOf(fault.Code));

    /// <summary>Tells a caller who used a path or a verb that no method has. Does nothing for other answers without a body.</summary>
    public static Task WriteUnknownAsync(HttpContext context)
    {
        var (response, request) = (context.Response, context.Request);
        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => TellAsync($"path '{request.Path}' belongs to no method; see /openapi/v1.json for those there are."),
            StatusCodes.Status405MethodNotAllowed => TellAsync($"'{request.Path}' does not take {request.Method}; use {response.Headers.Allow}."),
            _ => Task.CompletedTask,
        };

        Task TellAsync(string fact) => WriteAsync(context, new GrpcStatusException(GrpcStatus.Unimplemented, fact), response.StatusCode);
    }

    private static async Task WriteAsync(HttpContext context, GrpcStatusException fault, int status)
    {
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
        await context.Response.WriteAsync(JsonSerializer.Serialize(problem, Readable) + "\n", context.RequestAborted).ConfigureAwait(false);
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
