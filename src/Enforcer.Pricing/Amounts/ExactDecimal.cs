using System.Globalization;

namespace Enforcer.Pricing.Amounts;

/// <summary>Decimal numbers read from text without any rounding, and taken apart into digits and scale.</summary>
public static class ExactDecimal
{
    private const int MostScale = 28;
    private static readonly UInt128 MostMantissa = (UInt128.One << 96) - 1;

    /// <summary>
    /// Reads a JSON number ("0.000005", "3.3e-07", "256000.0") as exactly the number that is written. False if it is no such number, or
    /// needs more than 28 decimals or 96 bits: it is refused then, not rounded.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        var negative = text is ['-', ..];
        var at = negative ? 1 : 0;
        UInt128 mantissa = 0;
        var (scale, digits, inFraction) = (0, 0, false);
        for (; at < text.Length && text[at] is (>= '0' and <= '9') or '.'; at++)
        {
            if (text[at] == '.')
            {
                if (inFraction || digits == 0) return false;
                inFraction = true;
                continue;
            }
            if (mantissa > MostMantissa) return false;
            mantissa = (mantissa * 10) + (uint)(text[at] - '0');
            digits++;
            if (inFraction) scale++;
        }
        if (digits == 0 || text[at - 1] == '.' || !TryExponent(text[at..], out var exponent)) return false;
        return TryBuild(mantissa, scale - exponent, negative, out value);
    }

    /// <summary>The shortest text of the number, without an exponent: "0.000005", never "5E-6".</summary>
    public static string Text(decimal value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>The digits as one whole number, and how many of them stand behind the point. The sign is left out.</summary>
    internal static (UInt128 Mantissa, int Scale) Parts(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var low = unchecked(((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        return (new UInt128(unchecked((uint)bits[2]), low), (bits[3] >> 16) & 0xFF);
    }

    internal static UInt128 PowerOfTen(int exponent)
    {
        UInt128 power = 1;
        for (var i = 0; i < exponent; i++) power *= 10;
        return power;
    }

    private static bool TryExponent(ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty) return true;
        return text[0] is 'e' or 'E'
            && int.TryParse(text[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
            && Math.Abs((long)exponent) <= 1_000;
    }

    private static bool TryBuild(UInt128 mantissa, int scale, bool negative, out decimal value)
    {
        value = 0;
        while (mantissa != 0 && scale > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            scale--;
        }
        if (mantissa == 0) scale = 0;
        for (; scale < 0; scale++)
        {
            if (mantissa > MostMantissa) return false;
            mantissa *= 10;
        }
        if (scale > MostScale || mantissa > MostMantissa) return false;
        value = new decimal(
            unchecked((int)(uint)mantissa), unchecked((int)(uint)(mantissa >> 32)), unchecked((int)(uint)(mantissa >> 64)), negative, (byte)scale);
        return true;
    }
}
