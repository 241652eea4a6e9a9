using System.Text;

namespace Enforcer.Ledger.Commands;

/// <summary>What makes a text well-formed: it is text, and not too long.</summary>
internal static class TextForm
{
    /// <summary>Null if the text is well-formed or none; else the field, the rule and the way out.</summary>
    public static string? Problem(string field, string? text, int mostBytes)
    {
        if (text is null) return null;
        if (!IsText(text)) return $"{field} is not UTF-8, or has the character U+FFFD, which stands for what is not; send it in UTF-8.";
        // A char is at most three bytes of UTF-8, so most texts need not be counted.
        if (text.Length * 3 <= mostBytes || Encoding.UTF8.GetByteCount(text) <= mostBytes) return null;
        return $"{field} is {Encoding.UTF8.GetByteCount(text)} bytes long; at most {mostBytes} bytes are kept: shorten it.";
    }

    /// <summary>
    /// False for what was made of bytes that are no UTF-8, or could not be written as UTF-8: a limit that is chosen by it, or a journal that
    /// holds it, would not mean what the caller meant.
    /// </summary>
    private static bool IsText(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uFFFD') < 0) return true;
        // Half a surrogate pair is counted as U+FFFD too.
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar) return false;
        }
        return true;
    }
}
