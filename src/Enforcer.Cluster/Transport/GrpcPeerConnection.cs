using System.Buffers;
using Enforcer.Grpc;
using Google.Protobuf;

namespace Enforcer.Cluster;

/// <summary>A duplex call, from either end of it.</summary>
internal sealed class GrpcPeerConnection<TOut, TIn>(GrpcStreamWriter<TOut> writer, GrpcStreamReader<TIn> reader, Action close) : IPeerConnection
    where TOut : class, IMessage<TOut>
    where TIn : class, IMessage<TIn>
{
    private byte[] _copy = [];

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        try
        {
            writer.WriteFrame(frame.Length, frame, static (target, bytes) =>
            {
                bytes.Span.CopyTo(target);
                return bytes.Length;
            });
            await writer.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is GrpcStatusException or InvalidOperationException)
        {
            throw new PeerLostException(broken.Message, broken);
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync()
    {
        try
        {
            ReadOnlySequence<byte> frame;
            while (!reader.TryReadFrame(out frame))
            {
                if (!await reader.WaitToReadAsync().ConfigureAwait(false)) return null;
            }
            return frame.IsSingleSegment ? frame.First : Copy(frame);
        }
        catch (GrpcStatusException broken)
        {
            throw new PeerLostException(broken.Message, broken);
        }
    }

    public ValueTask DisposeAsync()
    {
        close();
        return ValueTask.CompletedTask;
    }

    private ReadOnlyMemory<byte> Copy(ReadOnlySequence<byte> frame)
    {
        var length = (int)frame.Length;
        if (_copy.Length < length) _copy = new byte[Math.Max(length, _copy.Length * 2)];
        frame.CopyTo(_copy);
        return _copy.AsMemory(0, length);
    }
}
