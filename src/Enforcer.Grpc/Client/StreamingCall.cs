using System.IO.Pipelines;

namespace Enforcer.Grpc;

/// <summary>One streaming call on a client, from its request to its trailers.</summary>
internal sealed class StreamingCall : IReadSide, IDisposable
{
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 32 * 1024, minimumReadSize: 4096);
    private readonly CancellationTokenSource _disposed;
    private readonly CallClock _clock;
    private readonly GrpcChannel _channel;
    private readonly GrpcCallOptions _options;
    private HttpRequestMessage? _request;
    private Task<HttpResponseMessage>? _response;
    private PipeReader? _pipe;
    private CancellationTokenRegistration _ended;
    private Action<Exception>? _failed;
    private volatile bool _endedWell;
    private bool _isDisposed;

    public StreamingCall(GrpcChannel channel, GrpcCallOptions options)
    {
        _channel = channel;
        _options = options;
        _disposed = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        _clock = new CallClock(options with { CancellationToken = _disposed.Token }, channel.Options.TimeProvider);
    }

    public CancellationToken CancellationToken => _clock.Token;

    /// <summary>What the server sent after its last message; empty until then.</summary>
    public GrpcMetadata Trailers { get; private set; } = new();

    /// <summary>Whether the server has ended the call with status OK.</summary>
    public bool EndedWell => _endedWell;

    /// <summary>Sends the request; <paramref name="content"/> may go on after that.</summary>
    public void Start(string path, HttpContent content)
    {
        _request = _channel.CreateRequest(path, _options, content);
        _response = _channel.SendAsync(_request, _clock.Token);
    }

    public async ValueTask<PipeReader> OpenAsync()
    {
        var response = await _response!.ConfigureAwait(false);
        try
        {
            ResponseStatus.CheckHeaders(response);
        }
        catch (GrpcStatusException refused)
        {
            EndRequests(refused);
            throw;
        }
        return _pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(CancellationToken).ConfigureAwait(false), ReaderOptions);
    }

    /// <summary>What the server sent before its first message.</summary>
    public async Task<GrpcMetadata> HeadersAsync()
    {
        try
        {
            var response = await _response!.ConfigureAwait(false);
            // A call that was refused has its status here, and nothing follows.
            ResponseStatus.CheckHeaders(response);
            return ResponseStatus.Metadata(response.Headers);
        }
        catch (Exception failure) when (failure is not GrpcStatusException)
        {
            throw Translate(failure);
        }
    }

    /// <summary>Tells <paramref name="failed"/> when the call is over for requests: no response, a deadline, a cancellation, or an end
    /// that the reader came to.</summary>
    public async Task WatchAsync(Action<Exception> failed)
    {
        _failed = failed;
        _ended = _clock.Token.UnsafeRegister(_ => failed(Translate(new OperationCanceledException())), null);
        try
        {
            ResponseStatus.CheckHeaders(await _response!.ConfigureAwait(false));
        }
#pragma warning disable CA1031 // Passed on to whoever waits.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            failed(Translate(failure));
        }
    }

    public void End()
    {
        // Reached only after OpenAsync, so the response is there.
        var response = _response!.Result;
        Trailers = ResponseStatus.Metadata(response.TrailingHeaders);
        try
        {
            ResponseStatus.CheckTrailers(response);
        }
        catch (GrpcStatusException failure)
        {
            EndRequests(failure);
            throw;
        }
        _endedWell = true;
        EndRequests(new(GrpcStatus.Unavailable, "the server has ended the stream and takes nothing more; open a new one."));
    }

    public Exception Fail(Exception failure)
    {
        var reason = _clock.Translate(failure);
        EndRequests(reason);
        return reason;
    }

    /// <summary>What a failure to connect or to send means.</summary>
    public Exception Translate(Exception failure) => _clock.Translate(failure);

    /// <summary>What a failure to send a message means.</summary>
    public async ValueTask<Exception> ExplainAsync(Exception failure)
    {
        try
        {
            // A server that refuses a call ends it before all was sent. The transport hears of both at once, in either order.
            ResponseStatus.CheckHeaders(await _response!.ConfigureAwait(false));
        }
#pragma warning disable CA1031 // A call that has no response failed for the same reason.
        catch (Exception refused)
#pragma warning restore CA1031
        {
            return Translate(refused);
        }
        return Translate(failure);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        _disposed.Cancel();
        _ended.Dispose();
        _ = DisposeResponseAsync();
        _pipe?.Complete();
        _request?.Dispose();
        _clock.Dispose();
        _disposed.Dispose();
    }

    /// <summary>
    /// Nothing more is read from this call, so nothing that is written would be answered. The request side is closed as well: while it
    /// is open, a server that stops keeps waiting for it, and for the connection.
    /// </summary>
    private void EndRequests(GrpcStatusException reason)
    {
        _failed?.Invoke(reason);
        _request!.Content!.Dispose();
    }

    private async Task DisposeResponseAsync()
    {
        if (_response is null)
            return;
        await ((Task)_response).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_response.IsCompletedSuccessfully)
            _response.Result.Dispose();
    }
}
