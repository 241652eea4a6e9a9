using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Enforcer.Protocol;

namespace Enforcer.Client;

/// <summary>
/// An exact amount of money: a whole number of nanos (10⁻⁹ of the unit). Reads and writes what people type: <c>$1.25</c>,
/// <c>1.25</c>, <c>1.25 USD</c>, <c>€3</c>, <c>100 ACU</c>.
/// </summary>
/// <param name="Nanos">The amount in nanos; may be negative.</param>
/// <param name="Unit">An ISO 4217 code or an own credit unit.</param>
public readonly record struct Money(long Nanos, string Unit = Money.DefaultUnit)
{
    /// <summary>What an amount without a unit is in.</summary>
    public const string DefaultUnit = AmountText.DefaultUnit;

    /// <summary>The nanos in one unit.</summary>
    public const long NanosPerUnit = AmountText.NanosPerUnit;

    /// <summary>The largest amount that one command may carry: 2⁵³ nanos.</summary>
    public const long MaxCommandNanos = 1L << 53;

    private const int Decimals = 9;
    private static readonly (char Sign, string Unit)[] Signs = [('$', "USD"), ('€', "EUR"), ('£', "GBP"), ('¥', "JPY")];

    /// <summary>Reads an amount.</summary>
    /// <exception cref="FormatException">The text is no amount; says what is wrong with it.</exception>
    public static Money Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var problem = Read(text, out var money);
        return problem is null ? money : throw new FormatException($"amount '{text}' {problem}");
    }

    /// <summary>Reads an amount, or says that it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Money money)
    {
        money = default;
        return text is not null && Read(text, out money) is null;
    }

    /// <summary>Writes an amount of nanos as people read it: <c>$1.25</c>, <c>1.25 EUR</c>, <c>-$0.000002</c>.</summary>
    public static string Format(long nanos, string unit = DefaultUnit) => AmountText.Format(nanos, unit);

    /// <summary>The amount, exact: at least two decimals for currencies, never more than are needed.</summary>
    public override string ToString() => AmountText.Format(Nanos, Unit);

    private static string? Read(string text, out Money money)
    {
        money = default;
        var rest = text.AsSpan().Trim();
        var negative = rest.StartsWith("-");
        if (negative)
            rest = rest[1..].TrimStart();
        var unit = TakeUnit(ref rest);
        if (unit is null)
            return "has two units; write one, as in $1.25 or 1.25 USD.";
        var problem = ReadDigits(rest, out var nanos);
        if (problem is not null)
            return problem;
        money = new(negative ? -nanos : nanos, unit.Length == 0 ? DefaultUnit : unit);
        return null;
    }

    /// <summary>The unit before or behind the digits; empty if there is none, null if there are two.</summary>
    private static string? TakeUnit(ref ReadOnlySpan<char> rest)
    {
        var found = "";
        foreach (var (sign, unit) in Signs)
        {
            if (rest.Length == 0 || rest[0] != sign)
                continue;
            found = unit;
            rest = rest[1..].TrimStart();
            break;
        }
        var end = rest.Length;
        while (end > 0 && char.IsAsciiLetter(rest[end - 1]))
            end--;
        if (end == rest.Length)
            return found;
        var name = rest[end..].ToString();
        rest = rest[..end].TrimEnd();
        return found.Length == 0 || found == name ? name : null;
    }

    private static string? ReadDigits(ReadOnlySpan<char> digits, out long nanos)
    {
        nanos = 0;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        if (whole.IsEmpty && fraction.IsEmpty)
            return "has no digits; write it as $1.25 or 1.25 USD.";
        if (whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
            return "is not digits with at most one point; write it as $1.25 or 1.25 USD, without separators of thousands.";
        if (fraction.Length > Decimals)
            return "has more than nine decimals; the smallest amount is 0.000000001.";
        Span<char> padded = stackalloc char[Decimals];
        padded.Fill('0');
        fraction.CopyTo(padded);
        var part = long.Parse(padded, NumberStyles.None, CultureInfo.InvariantCulture);
        var units = 0L;
        if (!whole.IsEmpty && !long.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out units)
            || units > (long.MaxValue - part) / NanosPerUnit)
            return "is too large; the largest amount is 9223372036.854775807.";
        nanos = units * NanosPerUnit + part;
        return null;
    }
}
