namespace Enforcer.Ledger.Limits;

/// <summary>The calendar of UTC in integer arithmetic, and of named zones by the zones that were handed in.</summary>
public sealed class WindowCalendar : IWindowCalendar
{
    private const long DayMs = 86_400_000;
    private const long StepMs = DayMs / 96;
    private const long MostOffsetMs = StepMs * 4 * 14;
    private const long MostShiftMs = StepMs * 4 * 26;
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
        var (start, end) = Local(window, atMs + OffsetMs(info, atMs));
        var endMs = FirstMomentMs(end, info);
        while (endMs <= atMs)
        {
            // The clock has passed midnight and gone back behind it: what began goes on.
            (start, end) = Local(window, end);
            endMs = FirstMomentMs(end, info);
        }
        return (FirstMomentMs(start, info), endMs);
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

    /// <summary>
    /// The first moment at which the zone's clock shows this local midnight or, where it is skipped, a later time: also where the
    /// clock goes back over it, and where a zone changes sides of the date line and skips a whole day.
    /// </summary>
    private static long FirstMomentMs(long localMs, TimeZoneInfo zone)
    {
        var guess = localMs - OffsetMs(zone, localMs);
        if (guess + OffsetMs(zone, guess) == localMs && OffsetMs(zone, guess - MostShiftMs) == OffsetMs(zone, guess)) return guess;
        // The zone's offset changes nearby. No offset is more than 14 hours, and clocks shift by whole steps but in the far past.
        var after = localMs - MostOffsetMs;
        while (after + OffsetMs(zone, after) < localMs) after += StepMs;
        var before = after - StepMs;
        while (after - before > 1)
        {
            var middle = before + ((after - before) / 2);
            if (middle + OffsetMs(zone, middle) < localMs) before = middle;
            else after = middle;
        }
        return after;
    }

    private static long OffsetMs(TimeZoneInfo zone, long atMs) =>
        zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(atMs)).Ticks / TimeSpan.TicksPerMillisecond;

    private static long Ms(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;

    private static long Mod(long value, long by) => ((value % by) + by) % by;
}
