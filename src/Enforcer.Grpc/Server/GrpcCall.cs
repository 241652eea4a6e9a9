using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Enforcer.Grpc;

/// <summary>
/// One call on a server. It belongs to the handler while the handler runs and must not be used afterwards. Members are for one
/// thread at a time, except <see cref="CancellationToken"/>.
/// </summary>
public sealed class GrpcCall
{
    private readonly HttpContext _context;
    private readonly GrpcServerOptions _options;
    private readonly ILogger _logger;
    private GrpcMetadata? _responseHeaders;
    private GrpcMetadata? _responseTrailers;
    private CallDeadline? _deadline;

    internal GrpcCall(HttpContext context, GrpcMethodInfo method, GrpcServerOptions options, ILogger logger)
    {
        _context = context;
        _options = options;
        _logger = logger;
        Method = method;
    }

    /// <summary>The method that is called.</summary>
    public GrpcMethodInfo Method { get; }

    /// <summary>The metadata of the caller, and the headers of HTTP.</summary>
    public IHeaderDictionary Headers => _context.Request.Headers;

    /// <summary>The instant at which the caller gives up, or null if it waits for ever.</summary>
    public DateTimeOffset? Deadline => _deadline?.At;

    /// <summary>Cancelled when the caller cancels, the connection breaks, the server stops or the deadline passes.</summary>
    public CancellationToken CancellationToken => _deadline is null ? _context.RequestAborted : _deadline.Arm(_context);

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

    internal ILogger Logger => _logger;

    internal TimeProvider TimeProvider => _options.TimeProvider;

    internal GrpcServerOptions Options => _options;

    internal int MaxReceiveBytes =>
        Method.MaxReceiveBytes ?? (Method.Kind == GrpcMethodKind.Duplex ? _options.MaxStreamReceiveBytes : _options.MaxReceiveBytes);

    internal bool IsDeadlineExceeded => _deadline is { HasPassed: true };

    /// <summary>The first value of a text header, or null.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>The first value of a <c>-bin</c> header, or null if there is none or it is not base64.</summary>
    public byte[]? BinaryHeader(string name) =>
        Header(name) is { } text && Grpc.BinaryHeader.TryDecode(text, out var bytes) ? bytes : null;

    /// <summary>Reads the caller's deadline.</summary>
    /// <exception cref="GrpcStatusException">The header is malformed.</exception>
    internal void ReadDeadline()
    {
        var header = Headers.GrpcTimeout;
        if (header.Count == 0)
            return;
        if (header.Count > 1 || !GrpcTimeout.TryParse(header[0], out var timeout))
        {
            throw new GrpcStatusException(GrpcStatus.InvalidArgument,
                "grpc-timeout is malformed; it is one to eight digits and one of H, M, S, m, u, n.");
        }
        _deadline = CallDeadline.After(timeout, _options.TimeProvider);
    }

    /// <summary>Starts the clock of the deadline, if there is one.</summary>
    internal void ArmDeadline() => _deadline?.Arm(_context);

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

    internal void End() => _deadline?.Dispose();

    private static void Append(IHeaderDictionary target, GrpcMetadata? metadata)
    {
        if (metadata is null)
            return;
        foreach (var (key, value) in metadata)
            target.Append(key, value);
    }
}
