using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>A spend limit in force, and how many facts there were when it came to be.</summary>
internal sealed record NaiveLimit(SpendLimit Limit, int Since)
{
    /// <summary>The local date on which the window began that contains a moment; one date for a limit for life.</summary>
    public DateTime WindowOf(long atMs)
    {
        var utc = DateTime.UnixEpoch.AddMilliseconds(atMs);
        var local = Limit.Zone is null ? utc : TimeZoneInfo.ConvertTimeFromUtc(utc, TimeZoneInfo.FindSystemTimeZoneById(Limit.Zone));
        return Limit.Window switch
        {
            SpendWindow.Day => local.Date,
            SpendWindow.Week => local.Date.AddDays(-(((int)local.DayOfWeek + 6) % 7)),
            SpendWindow.Month => new DateTime(local.Year, local.Month, 1),
            _ => DateTime.UnixEpoch,
        };
    }
}
