using Google.Protobuf;

namespace Enforcer.Grpc;

/// <summary>
/// An open stream each way. Write from any thread, read from one. <see cref="Dispose"/> cancels whatever is left of the call;
/// to end it well, complete the requests and read to the end.
/// </summary>
public sealed class GrpcDuplexCall<TRequest, TResponse> : IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly StreamingCall _call;
    private readonly DuplexContent _content;

    internal GrpcDuplexCall(GrpcChannel channel, GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options)
    {
        Writer = new GrpcStreamWriter<TRequest>();
        _call = new StreamingCall(channel, options);
        _content = new DuplexContent(_call, Writer.Attach);
        _call.Start(method.Path, _content);
        _ = _call.WatchAsync(Writer.Break);
        Reader = new GrpcStreamReader<TResponse>(_call, method.ResponseParser, channel.Options.MaxReceiveBytes, GrpcStatus.Internal);
    }

    /// <summary>The requests.</summary>
    public GrpcStreamWriter<TRequest> Writer { get; }

    /// <summary>The responses. Null from <see cref="GrpcStreamReader{T}.ReadAsync"/> means that the call ended with status OK.</summary>
    public GrpcStreamReader<TResponse> Reader { get; }

    /// <summary>What the server sent after its last message; empty until the reader has come to the end.</summary>
    public GrpcMetadata Trailers => _call.Trailers;

    /// <summary>What the server sent before its first message; completes when the call has begun at the server.</summary>
    /// <exception cref="GrpcStatusException">The call failed before.</exception>
    public Task<GrpcMetadata> ResponseHeadersAsync() => _call.HeadersAsync();

    /// <summary>
    /// Sends what has gathered and says that no more requests follow. Responses can still be read. Does nothing where the reader has
    /// come to a good end already.
    /// </summary>
    /// <exception cref="GrpcStatusException">The call failed before.</exception>
    public async ValueTask CompleteAsync()
    {
        try
        {
            await Writer.CloseAsync().ConfigureAwait(false);
        }
        catch (GrpcStatusException) when (_call.EndedWell)
        {
            // The server wanted no more than it has.
        }
        _content.Complete();
    }

    /// <summary>Ends the call, cancelling what is left of it.</summary>
    public void Dispose()
    {
        Writer.Break(new GrpcStatusException(GrpcStatus.Cancelled, "the call was disposed."));
        _call.Dispose();
    }
}
