using Google.Protobuf;

namespace Enforcer.Cli.Rendering;

/// <summary>Ids of operations and reservations between text and the wire.</summary>
internal static class IdText
{
    private const int Bytes = 16;

    /// <summary>A UUID with dashes; empty for none.</summary>
    public static string Of(ByteString id) => id.Length == Bytes ? new Guid(id.Span, bigEndian: true).ToString("D") : "";

    /// <summary>The bytes on the wire.</summary>
    public static ByteString ToWire(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));
}
