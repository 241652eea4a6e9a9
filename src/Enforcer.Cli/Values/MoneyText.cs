using System.Globalization;
using Enforcer.Client;

namespace Enforcer.Cli.Values;

/// <summary>
/// Amounts on a command line: <c>$1.25</c>, <c>1.25</c>, <c>ACU 3</c>, <c>3 ACU</c>, exact to the nano. Adds to <see cref="Money"/> what a shell
/// makes necessary, and remembers whether a unit was named.
/// </summary>
internal static class MoneyText
{
    /// <summary>For people: <c>$1.25</c>, <c>2.50 EUR</c>, <c>3 ACU</c>. No digit is ever dropped.</summary>
    public static string Format(long nanos, string unit) => Money.Format(nanos, unit);

    /// <summary>For machines: <c>1.25</c>, without a unit.</summary>
    public static string Plain(long nanos) => (nanos / (decimal)Money.NanosPerUnit).ToString("0.#########", CultureInfo.InvariantCulture);

    /// <summary>Reads an amount.</summary>
    /// <param name="text">A number with at most nine decimals, with a sign or a unit of money or without.</param>
    /// <param name="amount">The amount, exactly.</param>
    /// <param name="problem">What is wrong with the text, and what to write instead.</param>
    public static bool TryParse(string text, out Amount amount, out string problem)
    {
        amount = default;
        var trimmed = text.Trim();
        problem = CheckShell(trimmed) ?? CheckSign(trimmed) ?? "";
        if (problem.Length > 0)
            return false;
        try
        {
            var money = Money.Parse(UnitLast(trimmed));
            problem = CheckRange(trimmed, money) ?? "";
            amount = new(money.Nanos, char.IsAsciiDigit(trimmed[0]) && char.IsAsciiDigit(trimmed[^1]) ? null : money.Unit);
            return problem.Length == 0;
        }
        catch (FormatException wrong)
        {
            problem = wrong.Message;
            return false;
        }
    }

    // A shell turns an unquoted $5 into nothing and $1.25 into .25, which must never become a cap by accident.
    private static string? CheckShell(string text)
    {
        if (text.Length == 0 || text.StartsWith("--", StringComparison.Ordinal))
            return "there is no amount. A shell takes an unquoted $5 away: put it in single quotes, '$5'.";
        return text[0] == '.'
            ? $"'{text}' has no digit before the point. Write 0{text}; if you wrote $1{text}, put it in single quotes: '$1{text}'."
            : null;
    }

    private static string? CheckSign(string text) =>
        text.Contains('-', StringComparison.Ordinal) ? $"'{text}' is negative. Amounts are 0 or more." : null;

    private static string? CheckRange(string text, Money money) => money.Nanos <= Money.MaxCommandNanos
        ? null
        : $"'{text}' is more than {Format(Money.MaxCommandNanos, money.Unit)}, the most one amount can be (2^53 nanos).";

    /// <summary><c>ACU 3</c> as <c>3 ACU</c>.</summary>
    private static string UnitLast(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && char.IsAsciiLetter(text[0]) ? $"{text[(space + 1)..].TrimStart()} {text[..space]}" : text;
    }
}
