using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Model;
using Enforcer.Ledger.Tests.Scenarios;
using Enforcer.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Ledger.Tests.Parts;

/// <summary>Windows over all zones that the machine knows, from 1970 to 2100.</summary>
public sealed class CalendarProperties
{
    private static readonly string?[] Zones = [null, .. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id)];

    private static Arbitrary<(SpendWindow Window, string? Zone, long AtMs)> Moments => Arb.From(
        from window in Gen.Elements(SpendWindow.Day, SpendWindow.Week, SpendWindow.Month)
        from zone in Gen.Elements(Zones)
        from minutes in Gen.Choose(0, 68_000_000)
        from ms in Gen.Choose(0, 59_999)
        select (window, zone, (minutes * 60_000L) + ms));

    [Fact]
    public void A_window_contains_its_moment_and_the_next_begins_where_it_ends() => Properties.Holds(Moments, moment =>
    {
        var (window, zone, atMs) = moment;
        var (start, end) = Account.Calendar.Containing(window, zone, atMs);
        Assert.InRange(atMs, start, end - 1);
        Assert.Equal((start, end), Account.Calendar.Containing(window, zone, start));
        Assert.Equal((start, end), Account.Calendar.Containing(window, zone, end - 1));
        Assert.Equal(end, Account.Calendar.Containing(window, zone, end).StartMs);
    }, runs: 2_000);

    [Fact]
    public void A_window_is_that_of_the_local_date() => Properties.Holds(Moments, moment =>
    {
        var (window, zone, atMs) = moment;
        var info = zone is null ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(zone);
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(atMs), info).Date;
        var (start, _) = Account.Calendar.Containing(window, zone, atMs);
        // Where a clock goes back over midnight, the new date has begun for good when it was first shown.
        var expected = new NaiveLimit(new SpendLimit(window, 0, zone: zone), 0).WindowOf(atMs);
        var began = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(start), info).Date;
        Assert.True(began == expected || (began - local).Days == 1 || began > expected && window != SpendWindow.Day && began <= local, $"{began} {expected}");
    }, runs: 2_000);
}
