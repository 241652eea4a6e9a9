using System.Buffers;
using Google.Protobuf;

namespace Enforcer.Grpc;

/// <summary>Reads the one response message of a unary call.</summary>
internal static class UnaryResponse
{
    private const int FirstBufferBytes = 1024;

    public static async ValueTask<T> ReadAsync<T>(
        HttpResponseMessage response, MessageParser<T> parser, int maxBytes, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        ResponseStatus.CheckHeaders(response);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            var length = 0;
            while (true)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    break;
                length += read;
                buffer = MakeRoom(buffer, length, maxBytes);
            }
            ResponseStatus.CheckTrailers(response);
            return Parse(buffer.AsMemory(0, length), parser, maxBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Checks the frame as soon as its header is there, and makes room for all of it and one byte more.</summary>
    private static byte[] MakeRoom(byte[] buffer, int length, int maxBytes)
    {
        if (Frame.TryRead(new(buffer, 0, length), maxBytes, out var payload) && length > Frame.HeaderBytes + payload)
            throw new GrpcStatusException(GrpcStatus.Unimplemented, "the server sent more than one response to a unary call.");
        var wanted = Frame.HeaderBytes + payload + 1;
        if (buffer.Length >= wanted && buffer.Length > length)
            return buffer;
        var larger = ArrayPool<byte>.Shared.Rent(wanted);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static T Parse<T>(ReadOnlyMemory<byte> data, MessageParser<T> parser, int maxBytes)
        where T : class, IMessage<T>
    {
        var sequence = new ReadOnlySequence<byte>(data);
        if (!Frame.TryRead(sequence, maxBytes, out var payload))
            throw new GrpcStatusException(GrpcStatus.Internal, $"the server ended the call with {data.Length} bytes instead of a whole response.");
        return Frame.Parse(parser, sequence.Slice(Frame.HeaderBytes, payload), GrpcStatus.Internal);
    }
}
