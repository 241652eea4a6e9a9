using System.Globalization;

namespace Enforcer.Grpc;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    /// <summary>A timer cannot wait longer than this (about 49 days); a longer timeout counts as this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Reads a header. False: it is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9)
            return false;
        long value = 0;
        foreach (var c in text[..^1])
        {
            if (!char.IsAsciiDigit(c))
                return false;
            value = value * 10 + (c - '0');
        }
        long ticks;
        switch (text[^1])
        {
            case 'H': ticks = value * TimeSpan.TicksPerHour; break;
            case 'M': ticks = value * TimeSpan.TicksPerMinute; break;
            case 'S': ticks = value * TimeSpan.TicksPerSecond; break;
            case 'm': ticks = value * TimeSpan.TicksPerMillisecond; break;
            case 'u': ticks = value * TimeSpan.TicksPerMicrosecond; break;
            case 'n': ticks = (value + 99) / 100; break;
            default: return false;
        }
        timeout = new TimeSpan(Math.Min(ticks, Longest.Ticks));
        return true;
    }

    /// <summary>Writes a header, rounding up so that the other end never gives up first.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
            return "1n";
        var ticks = timeout.Ticks;
        return Fits(ticks, TimeSpan.TicksPerMicrosecond, 'u') ?? Fits(ticks, TimeSpan.TicksPerMillisecond, 'm')
            ?? Fits(ticks, TimeSpan.TicksPerSecond, 'S') ?? Fits(ticks, TimeSpan.TicksPerMinute, 'M') ?? "99999999M";
    }

    private static string? Fits(long ticks, long perUnit, char unit)
    {
        var value = (ticks / perUnit) + (ticks % perUnit == 0 ? 0 : 1);
        return value <= 99_999_999 ? string.Create(CultureInfo.InvariantCulture, $"{value}{unit}") : null;
    }
}
