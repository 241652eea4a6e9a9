namespace Enforcer.Ledger.Prices;

/// <summary>The periods of running counts: calendar months in UTC, numbered from the first one of the year 0.</summary>
public static class Period
{
    /// <summary>The number of the month that a moment lies in.</summary>
    public static int Of(long atMs)
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(atMs);
        return (moment.Year * 12) + moment.Month - 1;
    }
}
