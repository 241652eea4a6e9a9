using System.Globalization;

namespace Enforcer.Cli.Rendering;

/// <summary>Times for people and for tables: UTC, always with a Z, so that two people never read two times.</summary>
internal static class TimeText
{
    /// <summary>To the second; a dash for none.</summary>
    public static string Of(long unixMs) => unixMs == 0 ? "-" : Format(unixMs, "yyyy-MM-dd HH:mm:ss'Z'");

    /// <summary>ISO 8601 to the millisecond; empty for none.</summary>
    public static string Iso(long unixMs) => unixMs == 0 ? "" : Format(unixMs, "yyyy-MM-ddTHH:mm:ss.fff'Z'");

    /// <summary>A length of time in its largest unit: <c>24 h</c>, <c>90 s</c>, <c>250 ms</c>.</summary>
    public static string Length(long milliseconds) => milliseconds switch
    {
        < 1_000 => $"{milliseconds} ms",
        < 120_000 => $"{(milliseconds / 1000m).ToString("0.#", CultureInfo.InvariantCulture)} s",
        < 7_200_000 => $"{(milliseconds / 60_000m).ToString("0.#", CultureInfo.InvariantCulture)} min",
        _ => $"{(milliseconds / 3_600_000m).ToString("0.#", CultureInfo.InvariantCulture)} h",
    };

    private static string Format(long unixMs, string format) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString(format, CultureInfo.InvariantCulture);
}
