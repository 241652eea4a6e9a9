using System.Text;

namespace Enforcer.Storage.Postgres;

/// <summary>What callers may ask for and the database cannot hold: texts with NUL, or with half a character of two.</summary>
internal static class StoredText
{
    /// <summary>True if a text can be stored; what cannot is not found either.</summary>
    public static bool IsPossible(string text) => FirstOdd(text) < 0;

    /// <summary>A text with the same texts behind it in the order of names as this one has; names hold nothing odd.</summary>
    public static string Before(string text) => FirstOdd(text) is >= 0 and var odd ? text[..odd] : text;

    private static int FirstOdd(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\0' || Rune.DecodeFromUtf16(text.AsSpan(i), out _, out var length) != System.Buffers.OperationStatus.Done) return i;
            i += length;
        }
        return -1;
    }
}
