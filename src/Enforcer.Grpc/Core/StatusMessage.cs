using System.Buffers;
using System.Text;

namespace Enforcer.Grpc;

/// <summary>The percent encoding of <c>grpc-message</c>: UTF-8, with everything but printable ASCII and '%' itself escaped.</summary>
internal static class StatusMessage
{
    /// <summary>Longer texts are cut, so that a message never overflows the peer's header limits.</summary>
    public const int MaxChars = 2048;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static string Encode(string message)
    {
        if (message.Length > MaxChars)
            message = message[..MaxChars];
        if (!message.AsSpan().ContainsAnyExcept(Plain))
            return message;
        var result = new StringBuilder(message.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(message))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%')
                result.Append((char)b);
            else
                result.Append('%').Append(Convert.ToHexString([b]));
        }
        return result.ToString();
    }

    /// <summary>Undoes <see cref="Encode"/>; an escape that is none stays as it is, as the protocol demands.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        var source = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length && Nibble(source[i + 1]) is >= 0 and var high && Nibble(source[i + 2]) is >= 0 and var low)
            {
                bytes[length++] = (byte)((high << 4) | low);
                i += 2;
            }
            else
            {
                bytes[length++] = source[i];
            }
        }
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static int Nibble(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        _ => -1,
    };
}
