using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Enforcer.Grpc;

/// <summary>The one request message of a call, written as one frame in one write.</summary>
internal sealed class UnaryContent : HttpContent
{
    internal static readonly MediaTypeHeaderValue GrpcType = new(GrpcNames.ContentType);
    private readonly IMessage _message;

    public UnaryContent(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _message = message;
        Headers.ContentType = GrpcType;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var bytes = Frame.HeaderBytes + _message.CalculateSize();
        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            Frame.Write(_message, buffer.AsSpan(0, bytes));
            await stream.WriteAsync(buffer.AsMemory(0, bytes), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
