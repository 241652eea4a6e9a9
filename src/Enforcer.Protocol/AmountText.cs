using System.Globalization;

namespace Enforcer.Protocol;

/// <summary>Amounts of nanos as people read them, in the one form that server, SDK, edge and command line share.</summary>
public static class AmountText
{
    /// <summary>What an amount without a unit is in.</summary>
    public const string DefaultUnit = "USD";

    /// <summary>The nanos in one unit.</summary>
    public const long NanosPerUnit = 1_000_000_000;

    /// <summary>
    /// Writes an amount, exact: at least two decimals for currencies, never more than are needed: <c>$1.25</c>, <c>1.50 EUR</c>, <c>3 ACU</c>,
    /// <c>-$0.000002</c>.
    /// </summary>
    /// <param name="nanos">Any amount.</param>
    /// <param name="unit">An ISO 4217 code or an own credit unit; empty or null for <see cref="DefaultUnit"/>.</param>
    public static string Format(long nanos, string? unit)
    {
        if (string.IsNullOrEmpty(unit)) unit = DefaultUnit;
        // Unsigned, because the smallest long has no positive twin.
        var size = nanos < 0 ? unchecked((ulong)-nanos) : (ulong)nanos;
        var whole = (size / NanosPerUnit).ToString(CultureInfo.InvariantCulture);
        var fraction = (size % NanosPerUnit).ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        if (IsCurrency(unit)) fraction = fraction.PadRight(2, '0');
        var digits = fraction.Length == 0 ? whole : $"{whole}.{fraction}";
        var minus = nanos < 0 ? "-" : "";
        return unit == DefaultUnit ? $"{minus}${digits}" : $"{minus}{digits} {unit}";
    }

    private static bool IsCurrency(string unit) => unit.Length == 3 && unit != "ACU" && unit.All(char.IsAsciiLetterUpper);
}
