using System.Net;

namespace Enforcer.Grpc;

/// <summary>The request stream of a duplex call: stays open until the caller has said everything.</summary>
internal sealed class DuplexContent : HttpContent, IFrameSink
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<IFrameSink> _opened;
    private readonly Func<Exception, Exception> _translate;
    private Stream? _stream;
    private CancellationToken _cancellationToken;

    public DuplexContent(Action<IFrameSink> opened, Func<Exception, Exception> translate)
    {
        _opened = opened;
        _translate = translate;
        Headers.ContentType = UnaryContent.GrpcType;
    }

    /// <summary>Ends the request stream.</summary>
    public void Complete() => _completed.TrySetResult();

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frames)
    {
        await _stream!.WriteAsync(frames, _cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(_cancellationToken).ConfigureAwait(false);
    }

    public Exception Translate(Exception failure) => _translate(failure);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _stream = stream;
        _cancellationToken = cancellationToken;
        // Without this the headers would wait for the first message, and the server would not know of the call.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        _opened(this);
        await _completed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
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
