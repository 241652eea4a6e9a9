namespace Enforcer.Ledger.Limits;

/// <summary>The calendar of UTC in integer arithmetic, and of named zones by the zones that were handed in.</summary>
public sealed class WindowCalendar : IWindowCalendar
{
    private const long DayMs = 86_400_000;
    private readonly Func<string, TimeZoneInfo?> _zones;

    /// <summary>Makes a calendar over a look-up of zones that gives null for a name it does not know.</summary>
    public WindowCalendar(Func<string, TimeZoneInfo?> zones) => _zones = zones;

    /// <summary>A calendar that knows UTC alone.</summary>
    public static WindowCalendar Utc { get; } = new(static _ => null);

    /// <inheritdoc/>
    public bool Knows(string zone) => _zones(zone) is not null;

    /// <inheritdoc/>
    public (long StartMs, long EndMs) Containing(SpendWindow window, string? zone, long atMs)
    {
        if (zone is null) return Local(window, atMs);
        var info = _zones(zone) ?? throw new ArgumentException($"Time zone '{zone}' is not known on this machine.", nameof(zone));
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(atMs), info);
        var (start, end) = Local(window, (local.DateTime - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond);
        return (ToUnixMs(start, info), ToUnixMs(end, info));
    }

    /// <summary>The window on a clock that never shifts, in ms since 1970 on that clock.</summary>
    private static (long StartMs, long EndMs) Local(SpendWindow window, long atMs)
    {
        var day = Math.DivRem(atMs, DayMs, out var rest) - (rest < 0 ? 1 : 0);
        switch (window)
        {
            case SpendWindow.Day:
                return (day * DayMs, (day + 1) * DayMs);
            case SpendWindow.Week:
                // Day 0 was a Thursday: Monday is three days earlier.
                var monday = day - Mod(day + 3, 7);
                return (monday * DayMs, (monday + 7) * DayMs);
            case SpendWindow.Month:
                var first = DateTime.UnixEpoch.AddDays(day);
                first = first.AddDays(1 - first.Day);
                return (Ms(first), Ms(first.AddMonths(1)));
            default:
                throw new ArgumentOutOfRangeException(nameof(window), window, "A limit for life has no calendar window.");
        }
    }

    /// <summary>The first moment at which the zone's clock shows this local midnight or, where it is skipped, passes it.</summary>
    private static long ToUnixMs(long localMs, TimeZoneInfo zone)
    {
        var local = DateTime.SpecifyKind(DateTime.UnixEpoch.AddMilliseconds(localMs), DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUnixTimeMilliseconds();
    }

    private static long Ms(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;

    private static long Mod(long value, long by) => ((value % by) + by) % by;
}
