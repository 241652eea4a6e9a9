using System.Globalization;

namespace Enforcer.Ledger.Tests.Scenarios;

/// <summary>Amounts as people write them: "$1.25" or "-$0.000000001". Nine decimals are a nano.</summary>
internal static class Money
{
    public const long Dollar = 1_000_000_000;

    public static long Nanos(string text)
    {
        var sign = text.StartsWith('-') ? -1 : 1;
        var parts = text.TrimStart('-').TrimStart('$').Split('.');
        var whole = long.Parse(parts[0], CultureInfo.InvariantCulture) * Dollar;
        return sign * (whole + (parts.Length == 1 ? 0 : long.Parse(parts[1].PadRight(9, '0'), CultureInfo.InvariantCulture)));
    }

    public static string Text(long nanos)
    {
        if (nanos == Outcome.NoCap) return "none";
        var (whole, rest) = Math.DivRem(Math.Abs(nanos), Dollar);
        var fraction = rest == 0 ? "" : "." + rest.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return $"{(nanos < 0 ? "-" : "")}${whole}{fraction}";
    }
}
