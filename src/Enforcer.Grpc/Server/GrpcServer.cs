using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Grpc;

/// <summary>
/// Serves gRPC over HTTP/2: finds the method, runs interceptors and handler, and sees that each call ends with a status.
/// Immutable after construction; put it first in the pipeline with <see cref="GrpcApplicationBuilderExtensions.UseGrpc"/>.
/// </summary>
public sealed class GrpcServer
{
    private readonly FrozenDictionary<string, MethodBinding> _methods;
    private readonly GrpcInterceptor[] _interceptors;

    /// <summary>Takes the services to offer.</summary>
    /// <param name="services">Each fully bound, none twice.</param>
    /// <param name="options">The bounds; apply them to Kestrel too with <see cref="GrpcServerOptions.ConfigureKestrel"/>.</param>
    /// <param name="interceptors">Run in this order around every call.</param>
    /// <param name="logger">Gets what handlers throw.</param>
    public GrpcServer(
        IEnumerable<GrpcService> services,
        GrpcServerOptions? options = null,
        IEnumerable<GrpcInterceptor>? interceptors = null,
        ILogger<GrpcServer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var all = services.ToList();
        _methods = all.SelectMany(s => s.Bindings).ToFrozenDictionary(b => b.Info.Path, StringComparer.Ordinal);
        Options = options ?? new();
        _interceptors = [.. interceptors ?? []];
        Logger = logger ?? NullLogger<GrpcServer>.Instance;
        Services = [.. all.Select(s => s.Descriptor)];
    }

    /// <summary>What is offered.</summary>
    public IReadOnlyList<ServiceDescriptor> Services { get; }

    internal GrpcServerOptions Options { get; }

    internal ILogger Logger { get; }

    /// <summary>Takes a request if it is gRPC. False: it is something else, and somebody else's.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stopping">Ends streams with <see cref="GrpcStatus.Unavailable"/>, so that a stopping host does not wait for clients
    /// that never hang up. Unary calls run to their end.</param>
    /// <param name="call">Runs to the end of the call and never fails.</param>
    public bool TryHandle(HttpContext context, CancellationToken stopping, [NotNullWhen(true)] out Task? call)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        var isGrpc = GrpcNames.IsGrpc(request.ContentType);
        if (!_methods.TryGetValue(request.Path.Value ?? "", out var method))
        {
            call = isGrpc ? RefuseUnknownMethod(context) : null;
            return isGrpc;
        }
        if (!HttpMethods.IsPost(request.Method))
            call = RefuseTransport(context, StatusCodes.Status405MethodNotAllowed);
        else if (!isGrpc)
            call = RefuseTransport(context, StatusCodes.Status415UnsupportedMediaType);
        else if (!HttpProtocol.IsHttp2(request.Protocol))
            call = RefuseTransport(context, StatusCodes.Status426UpgradeRequired);
        else
            call = method.RunAsync(new GrpcCall(context, method.Info, this, stopping), _interceptors);
        return true;
    }

    private static Task RefuseUnknownMethod(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentType = GrpcNames.ContentType;
        headers.GrpcStatus = StatusNumbers.Text(GrpcStatus.Unimplemented);
        headers.GrpcMessage = StatusMessage.Encode($"the server has no method {context.Request.Path.Value}.");
        return Task.CompletedTask;
    }

    private static Task RefuseTransport(HttpContext context, int statusCode)
    {
        context.Response.StatusCode = statusCode;
        return Task.CompletedTask;
    }
}
