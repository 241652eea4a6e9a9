using Enforcer.Ledger.Limits;

namespace Enforcer.Host;

/// <summary>A spend limit and its count in the window of the moment.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Use">The count; a window that has begun since the last entry is shown empty.</param>
public sealed record SpendReading(SpendLimit Limit, WindowUse Use)
{
    /// <summary>Cap − committed − held − delegated.</summary>
    public long HeadroomNanos => Use.HeadroomNanos(Limit.CapNanos);

    internal static SpendReading Of(SpendCounter counter, long nowMs, IWindowCalendar calendar)
    {
        if (!counter.Limit.IsWindowed || counter.Current.EndMs > nowMs) return new SpendReading(counter.Limit, counter.Current);
        var (start, end) = calendar.Containing(counter.Limit.Window, counter.Limit.Zone, nowMs);
        return new SpendReading(counter.Limit, new WindowUse { StartMs = start, EndMs = end });
    }
}
