using System.Diagnostics.CodeAnalysis;

namespace Enforcer.Grpc;

/// <summary>The base64 of <c>-bin</c> metadata: sent with padding, accepted with or without.</summary>
internal static class BinaryHeader
{
    public static string Encode(ReadOnlySpan<byte> value) => Convert.ToBase64String(value);

    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var rest = text.Length % 4;
        if (rest == 1)
            return false;
        var padded = rest == 0 ? text : text + new string('=', 4 - rest);
        var buffer = new byte[padded.Length / 4 * 3];
        if (!Convert.TryFromBase64String(padded, buffer, out var written))
            return false;
        bytes = written == buffer.Length ? buffer : buffer[..written];
        return true;
    }
}
