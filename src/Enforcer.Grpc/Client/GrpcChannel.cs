using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Enforcer.Grpc;

/// <summary>
/// A client's connections to one server. Safe for any number of threads; calls share connections. An address with http speaks
/// HTTP/2 without TLS from the first byte.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly GrpcRequests _requests;

    /// <summary>Connects on the first call.</summary>
    /// <param name="address">Scheme, host and port: <c>http://127.0.0.1:7070</c>.</param>
    /// <param name="options">Bounds and TLS.</param>
    public GrpcChannel(Uri address, GrpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https") || address.AbsolutePath != "/")
            throw new ArgumentException($"address '{address}' is not http://host:port or https://host:port.", nameof(address));
        Options = options ?? new();
        _requests = new GrpcRequests(address, Options);
        _invoker = new HttpMessageInvoker(CreateHandler(Options), disposeHandler: true);
    }

    internal GrpcChannelOptions Options { get; }

    /// <summary>One request, one response.</summary>
    /// <exception cref="GrpcStatusException">The call failed, here or at the server.</exception>
    public async ValueTask<TResponse> UnaryAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        method.Require(GrpcMethodKind.Unary);
        using var clock = new CallClock(options, Options.TimeProvider);
        try
        {
            using var message = _requests.Create(method.Path, options, new UnaryContent(request));
            using var response = await _invoker.SendAsync(message, clock.Token).ConfigureAwait(false);
            return await UnaryResponse.ReadAsync(response, method.ResponseParser, Options.MaxReceiveBytes, clock.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not GrpcStatusException)
        {
            throw clock.Translate(failure);
        }
    }

    /// <summary>One request, one response, and the metadata that came with it.</summary>
    /// <exception cref="GrpcStatusException">The call failed, here or at the server.</exception>
    public async ValueTask<GrpcResponse<TResponse>> UnaryWithMetadataAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        method.Require(GrpcMethodKind.Unary);
        using var clock = new CallClock(options, Options.TimeProvider);
        try
        {
            using var message = _requests.Create(method.Path, options, new UnaryContent(request));
            using var response = await _invoker.SendAsync(message, clock.Token).ConfigureAwait(false);
            var answer = await UnaryResponse.ReadAsync(response, method.ResponseParser, Options.MaxReceiveBytes, clock.Token).ConfigureAwait(false);
            return new(answer, ResponseStatus.Metadata(response.Headers), ResponseStatus.Metadata(response.TrailingHeaders));
        }
        catch (Exception failure) when (failure is not GrpcStatusException)
        {
            throw clock.Translate(failure);
        }
    }

    /// <summary>One request, a stream of responses. The call starts when the enumeration does; leaving the enumeration cancels it.</summary>
    /// <exception cref="GrpcStatusException">While enumerating: the call failed, here or at the server.</exception>
    public async IAsyncEnumerable<TResponse> ServerStream<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method,
        TRequest request,
        GrpcCallOptions options = default,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        method.Require(GrpcMethodKind.ServerStream);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, cancellationToken);
        var merged = options with { CancellationToken = both.Token };
        using var call = new StreamingCall(this, merged);
        call.Start(method.Path, new UnaryContent(request));
        var reader = new GrpcStreamReader<TResponse>(call, method.ResponseParser, Options.MaxReceiveBytes, GrpcStatus.Internal);
        while (await reader.ReadAsync().ConfigureAwait(false) is { } response)
            yield return response;
    }

    /// <summary>A stream each way. The call starts at once, and disposing it cancels what is left of it.</summary>
    public GrpcDuplexCall<TRequest, TResponse> Duplex<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        method.Require(GrpcMethodKind.Duplex);
        return new(this, method, options);
    }

    /// <summary>Starts no more calls. Open calls run to their end, and then the connections close.</summary>
    public void Dispose() => _invoker.Dispose();

    internal HttpRequestMessage CreateRequest(string path, GrpcCallOptions options, HttpContent content) =>
        _requests.Create(path, options, content);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker.SendAsync(request, cancellationToken);

    private static SocketsHttpHandler CreateHandler(GrpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = options.EnableMultipleHttp2Connections,
            InitialHttp2StreamWindowSize = options.InitialStreamWindowBytes,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        if (options.Tls is not null)
            handler.SslOptions = options.Tls;
        if (options.UnacknowledgedTimeout > TimeSpan.Zero && OperatingSystem.IsLinux())
            handler.ConnectCallback = new ImpatientSockets(options.UnacknowledgedTimeout).ConnectAsync;
        return handler;
    }
}
