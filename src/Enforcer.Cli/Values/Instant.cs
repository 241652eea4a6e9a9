using System.Globalization;

namespace Enforcer.Cli.Values;

/// <summary>A point in time as people give it: a date, a date and time, or how long ago.</summary>
internal readonly record struct Instant
{
    private readonly DateTimeOffset? _at;
    private readonly TimeSpan _ago;

    private Instant(DateTimeOffset? at, TimeSpan ago)
    {
        _at = at;
        _ago = ago;
    }

    /// <summary>Reads <c>2026-11-21</c>, <c>2026-11-21T10:00Z</c> (UTC without an offset) or <c>2h</c> (two hours ago).</summary>
    public static bool TryParse(string text, out Instant value, out string problem)
    {
        value = default;
        problem = "";
        if (ValueParsers.Duration(text, out var ago, out _))
        {
            value = new(null, ago);
            return true;
        }
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        string[] formats =
            ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];
        if (DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, Utc, out var at) && at > DateTimeOffset.UnixEpoch)
        {
            value = new(at, default);
            return true;
        }
        problem = $"'{text}' is not a time. Write 2026-11-21, 2026-11-21T10:00Z (UTC where no offset is given), or how long ago: 2h, 7d.";
        return false;
    }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public long ToUnixMs(DateTimeOffset now) => (_at ?? now - _ago).ToUnixTimeMilliseconds();
}
