using System.Net;

namespace Enforcer.Grpc;

/// <summary>The request stream of a duplex call: stays open until the caller has said everything.</summary>
internal sealed class DuplexContent : HttpContent, IFrameSink
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StreamingCall _call;
    private readonly Action<IFrameSink> _opened;
    private volatile Stream? _stream;
    private volatile bool _sent;
    private bool _attached;

    public DuplexContent(StreamingCall call, Action<IFrameSink> opened)
    {
        _call = call;
        _opened = opened;
        Headers.ContentType = UnaryContent.GrpcType;
    }

    /// <summary>Ends the request stream.</summary>
    public void Complete() => _completed.TrySetResult();

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frames)
    {
        var stream = _stream!;
        _sent = true;
        await stream.WriteAsync(frames, _call.CancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(_call.CancellationToken).ConfigureAwait(false);
    }

    public ValueTask<Exception> ExplainAsync(Exception failure) => _call.ExplainAsync(failure);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // A server that refused the stream, unread, is called again by the transport; what was sent already is lost then.
        if (_sent)
            throw new GrpcStatusException(GrpcStatus.Unavailable, "the server refused the stream; open a new one.");
        _stream = stream;
        // Without this the headers would wait for the first message, and the server would not know of the call.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!Interlocked.Exchange(ref _attached, true))
            _opened(this);
        // Not cancelled when the transport fails: it would report the cancellation and not the failure.
        await _completed.Task.ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _completed.TrySetResult();
        base.Dispose(disposing);
    }
}
