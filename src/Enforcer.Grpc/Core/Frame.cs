using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Enforcer.Grpc;

/// <summary>One length-prefixed message: a flag byte (compressed or not), four bytes of length, the payload.</summary>
internal static class Frame
{
    public const int HeaderBytes = 5;

    /// <summary>Writes header and message into <paramref name="target"/>, which is exactly as long as both.</summary>
    public static void Write(IMessage message, Span<byte> target)
    {
        WriteHeader(target, target.Length - HeaderBytes);
        message.WriteTo(target[HeaderBytes..]);
    }

    public static void WriteHeader(Span<byte> target, int payloadBytes)
    {
        target[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(target[1..], (uint)payloadBytes);
    }

    /// <summary>
    /// Looks for a whole frame at the start of <paramref name="data"/>. False: more bytes are needed.
    /// </summary>
    /// <exception cref="GrpcStatusException">The frame is compressed or longer than <paramref name="maxBytes"/>.</exception>
    public static bool TryRead(in ReadOnlySequence<byte> data, int maxBytes, out int payloadBytes)
    {
        payloadBytes = 0;
        if (data.Length < HeaderBytes)
            return false;
        if (data.FirstSpan.Length >= HeaderBytes)
        {
            payloadBytes = ReadHeader(data.FirstSpan, maxBytes);
        }
        else
        {
            Span<byte> header = stackalloc byte[HeaderBytes];
            data.Slice(0, HeaderBytes).CopyTo(header);
            payloadBytes = ReadHeader(header, maxBytes);
        }
        return data.Length - HeaderBytes >= payloadBytes;
    }

    private static int ReadHeader(ReadOnlySpan<byte> header, int maxBytes)
    {
        if (header[0] == 1)
        {
            throw new GrpcStatusException(GrpcStatus.Unimplemented,
                "the message is compressed, and grpc-encoding here is identity only; send it uncompressed.");
        }
        if (header[0] != 0)
        {
            throw new GrpcStatusException(GrpcStatus.Internal,
                $"the message starts with flag {header[0]}; gRPC knows 0 (plain) and 1 (compressed). The peer does not speak gRPC.");
        }
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > (uint)maxBytes)
        {
            throw new GrpcStatusException(GrpcStatus.ResourceExhausted,
                $"the message is {length} bytes and the bound is {maxBytes}; send less at once.");
        }
        return (int)length;
    }

    /// <summary>Parses a payload, without a copy.</summary>
    /// <exception cref="GrpcStatusException">It is no message of type <typeparamref name="T"/>.</exception>
    public static T Parse<T>(MessageParser<T> parser, in ReadOnlySequence<byte> payload, GrpcStatus onMalformed)
        where T : class, IMessage<T>
    {
        try
        {
            return payload.IsSingleSegment ? parser.ParseFrom(payload.FirstSpan) : parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw new GrpcStatusException(onMalformed, $"the payload of {payload.Length} bytes is no valid {typeof(T).Name}.", malformed);
        }
    }
}
