using System.Globalization;

namespace Enforcer.Cli.Values;

/// <summary>
/// Reads one value each. A problem names the text, the rule and what to write; the caller puts the option's name in front.
/// </summary>
internal static class ValueParsers
{
    private const string None = "none";

    /// <summary>Reads a value, or says in <c>problem</c> why not.</summary>
    public delegate bool TryParse<T>(string text, out T value, out string problem);

    /// <summary>An amount.</summary>
    public static bool Amount(string text, out Amount value, out string problem) => MoneyText.TryParse(text, out value, out problem);

    /// <summary>An amount or <c>none</c>.</summary>
    public static bool Cap(string text, out CapValue value, out string problem)
    {
        value = default;
        problem = "";
        if (text == None)
            return true;
        if (!MoneyText.TryParse(text, out var amount, out problem))
            return false;
        value = new(amount);
        return true;
    }

    /// <summary><c>600</c>, <c>600:50</c> (with a burst) or <c>none</c>.</summary>
    public static bool Rate(string text, out RateValue value, out string problem)
    {
        value = default;
        problem = "";
        if (text == None)
            return true;
        var parts = text.Split(':');
        if (parts.Length <= 2 && TryCount(parts[0], out var perMinute) && perMinute > 0)
        {
            value = new(perMinute, null);
            if (parts.Length == 1)
                return true;
            if (TryCount(parts[1], out var burst) && burst > 0)
            {
                value = new(perMinute, burst);
                return true;
            }
        }
        problem = $"'{text}' is not a rate. Write how many a minute, such as 600, with a burst 600:50, or none.";
        return false;
    }

    /// <summary>A count of at least 1, or <c>none</c> (0).</summary>
    public static bool CountOrNone(string text, out long value, out string problem)
    {
        problem = "";
        value = 0;
        if (text == None || (TryCount(text, out value) && value > 0))
            return true;
        problem = $"'{text}' is not a count. Write a whole number of at least 1, or none.";
        return false;
    }

    /// <summary>A whole number of at least 1.</summary>
    public static bool Positive(string text, out int value, out string problem)
    {
        problem = "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0)
            return true;
        problem = $"'{text}' is not a whole number of at least 1.";
        return false;
    }

    /// <summary><c>SCOPE=AMOUNT</c> or <c>SCOPE=AMOUNT/WINDOW</c>.</summary>
    public static bool Scoped(string text, out ScopedCap value, out string problem)
    {
        value = default;
        var equals = text.LastIndexOf('=');
        if (equals <= 0)
        {
            problem = $"'{text}' is not SCOPE=AMOUNT. Write for example 'gpt-5.5*=$2' or 'gpt-5.5*=$2/month'.";
            return false;
        }
        var amount = text[(equals + 1)..];
        var slash = amount.IndexOf('/', StringComparison.Ordinal);
        var window = LimitNames.ParseWindow(slash < 0 ? "life" : amount[(slash + 1)..]);
        if (window is null)
        {
            problem = $"'{amount[(slash + 1)..]}' in '{text}' is not a window. Write life, day, week or month.";
            return false;
        }
        if (!Cap(slash < 0 ? amount : amount[..slash], out var cap, out problem))
            return false;
        value = new(text[..equals], window.Value, cap);
        return true;
    }

    /// <summary>A length of time: <c>500ms</c>, <c>30s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>.</summary>
    public static bool Duration(string text, out TimeSpan value, out string problem)
    {
        value = default;
        var number = text.TrimEnd("abcdefghijklmnopqrstuvwxyz".ToCharArray());
        long? milliseconds = text[number.Length..] switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => null,
        };
        const long MostMs = 3_650L * 86_400_000;
        if (milliseconds is { } scale && TryCount(number, out var count) && count <= MostMs / scale)
        {
            value = TimeSpan.FromMilliseconds(count * scale);
            problem = "";
            return true;
        }
        problem = $"'{text}' is not a length of time of at most 3650d. Write 500ms, 30s, 15m, 24h or 7d.";
        return false;
    }

    /// <summary>A reservation's or operation's id: a UUID, with or without dashes.</summary>
    public static bool Id(string text, out Guid value, out string problem)
    {
        problem = "";
        if (Guid.TryParseExact(text, "D", out value) || Guid.TryParseExact(text, "N", out value))
            return true;
        problem = $"'{text}' is not an id. Write it as the ledger shows it: 32 hexadecimal digits, with or without dashes.";
        return false;
    }

    private static bool TryCount(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
