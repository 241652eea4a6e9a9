using System.Buffers.Binary;

namespace Enforcer.Access;

/// <summary>
/// Fixed-length base 62, most significant digit first. The alphabet is in ASCII order, so texts of one length sort
/// as the numbers they stand for.
/// </summary>
internal static class Base62
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const uint Radix = 62;

    /// <summary>Writes a big-endian number of 16 or 32 bytes over the whole of <paramref name="text"/>.</summary>
    /// <remarks><paramref name="text"/> must be long enough: 22 digits hold 128 bits, 43 hold 256.</remarks>
    public static void Write(ReadOnlySpan<byte> number, Span<char> text)
    {
        Span<uint> words = stackalloc uint[8];
        words = words[..(number.Length / sizeof(uint))];
        for (var i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(number[(i * sizeof(uint))..]);
        for (var i = text.Length - 1; i >= 0; i--)
            text[i] = Alphabet[(int)DivideByRadix(words)];
    }

    /// <summary>Writes <paramref name="number"/> over the whole of <paramref name="text"/>; 6 digits hold 32 bits.</summary>
    public static void Write(uint number, Span<char> text)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Alphabet[(int)(number % Radix)];
            number /= Radix;
        }
    }

    /// <summary>Whether every character is one of the alphabet's.</summary>
    public static bool IsAll(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
                return false;
        }

        return true;
    }

    private static uint DivideByRadix(Span<uint> words)
    {
        ulong rest = 0;
        for (var i = 0; i < words.Length; i++)
        {
            var part = (rest << 32) | words[i];
            words[i] = (uint)(part / Radix);
            rest = part % Radix;
        }

        return (uint)rest;
    }
}
