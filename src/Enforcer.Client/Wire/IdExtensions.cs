using Google.Protobuf;

namespace Enforcer.Client;

/// <summary>Ids as they travel in messages: 16 bytes in network order.</summary>
public static class IdExtensions
{
    /// <summary>The id as bytes.</summary>
    public static ByteString ToWire(this Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return ByteString.CopyFrom(bytes);
    }

    /// <summary>The id in the bytes; empty for no bytes.</summary>
    /// <exception cref="FormatException">There are neither 0 nor 16 bytes.</exception>
    public static Guid ToId(this ByteString bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return bytes.Length switch
        {
            0 => Guid.Empty,
            16 => new Guid(bytes.Span, bigEndian: true),
            _ => throw new FormatException($"an id has {bytes.Length} bytes; it must have 16."),
        };
    }
}
