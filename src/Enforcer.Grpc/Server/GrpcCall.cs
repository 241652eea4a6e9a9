using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Enforcer.Grpc;

/// <summary>
/// One call on a server. It belongs to the handler while the handler runs and must not be used afterwards. Members are for one
/// thread at a time, except <see cref="CancellationToken"/>.
/// </summary>
public sealed class GrpcCall
{
    private readonly HttpContext _context;
    private readonly GrpcServer _server;
    private GrpcMetadata? _responseHeaders;
    private GrpcMetadata? _responseTrailers;
    private CallLifetime? _lifetime;

    internal GrpcCall(HttpContext context, GrpcMethodInfo method, GrpcServer server, CancellationToken stopping)
    {
        _context = context;
        _server = server;
        Method = method;
        Stopping = stopping;
        StartedAt = server.Options.TimeProvider.GetTimestamp();
    }

    /// <summary>When its headers had arrived, as <see cref="TimeProvider.GetTimestamp"/> of the server's clock.</summary>
    public long StartedAt { get; }

    /// <summary>The method that is called.</summary>
    public GrpcMethodInfo Method { get; }

    /// <summary>The metadata of the caller, and the headers of HTTP.</summary>
    public IHeaderDictionary Headers => _context.Request.Headers;

    /// <summary>The instant at which the caller gives up, or null if it waits for ever.</summary>
    public DateTimeOffset? Deadline => _lifetime?.Deadline;

    /// <summary>Cancelled when the caller cancels, the connection breaks, the server stops or the deadline passes.</summary>
    public CancellationToken CancellationToken => _lifetime is null ? _context.RequestAborted : _lifetime.Arm(_context);

    /// <summary>
    /// Cancelled when the server begins to stop. A server stream's <see cref="CancellationToken"/> follows it; a duplex handler is
    /// told by its reader, once it has read what had arrived.
    /// </summary>
    public CancellationToken Stopping { get; }

    /// <summary>Metadata to send before the first message. In streams it leaves before the handler runs: set it in an interceptor.</summary>
    public GrpcMetadata ResponseHeaders => _responseHeaders ??= new();

    /// <summary>Metadata to send after the last message.</summary>
    public GrpcMetadata ResponseTrailers => _responseTrailers ??= new();

    /// <summary>The address of the other end of the connection, or empty where there is none.</summary>
    public string Peer => _context.Connection.RemoteIpAddress is { } address
        ? new IPEndPoint(address, _context.Connection.RemotePort).ToString() : "";

    /// <summary>The HTTP request underneath.</summary>
    public HttpContext HttpContext => _context;

    /// <summary>A slot for what an interceptor found out about the caller.</summary>
    public object? State { get; set; }

    internal GrpcServer Server => _server;

    internal GrpcServerOptions Options => _server.Options;

    internal int MaxReceiveBytes =>
        Method.MaxReceiveBytes ?? (Method.Kind == GrpcMethodKind.Duplex ? Options.MaxStreamReceiveBytes : Options.MaxReceiveBytes);

    internal bool IsDeadlineExceeded => _lifetime is { IsDeadlineExceeded: true };

    /// <summary>The first value of a text header, or null.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>The first value of a <c>-bin</c> header, or null if there is none or it is not base64.</summary>
    public byte[]? BinaryHeader(string name) =>
        Header(name) is { } text && Grpc.BinaryHeader.TryDecode(text, out var bytes) ? bytes : null;

    /// <summary>Finds out what can end the call: the caller's deadline, and for a server stream the end of the server.</summary>
    /// <exception cref="GrpcStatusException">The header of the deadline is malformed.</exception>
    internal void Begin()
    {
        var timeout = ReadTimeout();
        var stopping = Method.Kind == GrpcMethodKind.ServerStream ? Stopping : default;
        if (timeout is not null || stopping.CanBeCanceled)
            _lifetime = CallLifetime.Begin(Options.TimeProvider, timeout, stopping);
    }

    /// <summary>Starts the clock of the deadline, if there is one.</summary>
    internal void ArmDeadline() => _lifetime?.Arm(_context);

    internal void WriteHeaders()
    {
        var headers = _context.Response.Headers;
        headers.ContentType = GrpcNames.ContentType;
        if (_responseHeaders is not null)
        {
            foreach (var (key, value) in _responseHeaders)
                headers.Append(key, value);
        }
    }

    internal void WriteTrailersOk()
    {
        var trailers = _context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        trailers.GrpcStatus = "0";
        Append(trailers, _responseTrailers);
    }

    /// <summary>Ends the call with an error: in the trailers, or in the headers if nothing was sent yet.</summary>
    internal void WriteError(GrpcStatusException error)
    {
        IHeaderDictionary target;
        if (_context.Response.HasStarted)
        {
            target = _context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        }
        else
        {
            WriteHeaders();
            target = _context.Response.Headers;
        }
        target.GrpcStatus = StatusNumbers.Text(error.Code);
        target.GrpcMessage = StatusMessage.Encode(error.Message);
        if (error.Code == GrpcStatus.Unimplemented)
            target[GrpcNames.AcceptEncoding] = GrpcNames.Identity;
        if (RichStatus.Encode(error.Code, error.Message, error.Details) is { } details)
            target[GrpcNames.StatusDetails] = details;
        Append(target, _responseTrailers);
        Append(target, error.Trailers);
    }

    internal void End() => _lifetime?.Dispose();

    private TimeSpan? ReadTimeout()
    {
        var header = Headers.GrpcTimeout;
        if (header.Count == 0)
            return null;
        if (header.Count == 1 && GrpcTimeout.TryParse(header[0], out var timeout))
            return timeout;
        throw new GrpcStatusException(GrpcStatus.InvalidArgument,
            $"grpc-timeout '{header}' is malformed; it is one to eight digits and one of H, M, S, m, u, n.");
    }

    private static void Append(IHeaderDictionary target, GrpcMetadata? metadata)
    {
        if (metadata is null)
            return;
        foreach (var (key, value) in metadata)
            target.Append(key, value);
    }
}
