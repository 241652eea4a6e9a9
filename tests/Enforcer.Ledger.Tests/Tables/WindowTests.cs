using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Calendar windows: a cap starts again with its day, week or month, in UTC or a named zone, once per window.</summary>
public sealed class WindowTests
{
    [Theory]
    [InlineData(SpendWindow.Day, null, "2026-03-02 12:00", "2026-03-02 23:59:59.999", "2026-03-03 00:00")]
    [InlineData(SpendWindow.Week, null, "2026-03-02 00:00", "2026-03-08 23:59:59.999", "2026-03-09 00:00")]
    [InlineData(SpendWindow.Week, null, "2026-12-31 12:00", "2027-01-03 23:59:59.999", "2027-01-04 00:00")] // ISO weeks know no year's end
    [InlineData(SpendWindow.Month, null, "2026-02-01 00:00", "2026-02-28 23:59:59.999", "2026-03-01 00:00")]
    [InlineData(SpendWindow.Month, null, "2028-02-03 00:00", "2028-02-29 23:59:59.999", "2028-03-01 00:00")]
    [InlineData(SpendWindow.Month, null, "2026-12-31 23:00", "2026-12-31 23:59:59.999", "2027-01-01 00:00")]
    [InlineData(SpendWindow.Day, "Europe/Berlin", "2026-03-28 23:00", "2026-03-29 21:59:59.999", "2026-03-29 22:00")] // 23 hours
    [InlineData(SpendWindow.Day, "Europe/Berlin", "2026-10-24 22:00", "2026-10-25 22:59:59.999", "2026-10-25 23:00")] // 25 hours
    [InlineData(SpendWindow.Day, "America/New_York", "2026-03-08 05:00", "2026-03-09 03:59:59.999", "2026-03-09 04:00")]
    [InlineData(SpendWindow.Day, "America/Sao_Paulo", "2018-11-04 03:00", "2018-11-05 01:59:59.999", "2018-11-05 02:00")] // midnight was skipped
    [InlineData(SpendWindow.Day, "America/Havana", "2026-11-01 04:00", "2026-11-02 04:59:59.999", "2026-11-02 05:00")] // midnight came twice
    [InlineData(SpendWindow.Day, "Asia/Kathmandu", "2026-03-02 12:00", "2026-03-02 18:14:59.999", "2026-03-02 18:15")]
    [InlineData(SpendWindow.Day, "Pacific/Apia", "2011-12-29 12:00", "2011-12-30 09:59:59.999", "2011-12-30 10:00")] // the 30th never was
    [InlineData(SpendWindow.Day, "America/St_Johns", "2010-11-07 02:31", "2010-11-08 03:29:59.999", "2010-11-08 03:30")] // one minute of it, an hour early
    [InlineData(SpendWindow.Month, "Asia/Tokyo", "2026-02-28 15:00", "2026-03-31 14:59:59.999", "2026-03-31 15:00")]
    [InlineData(SpendWindow.Week, "Australia/Lord_Howe", "2026-04-02 12:00", "2026-04-05 13:29:59.999", "2026-04-05 13:30")]
    public void A_cap_starts_again_with_its_window(SpendWindow window, string? zone, string begin, string lastMoment, string next) => Account
        .With(limits: Limit.Spend(Limit.Cap(window, "$5", zone: zone)), at: begin)
        .Reserve("$5", ttlMs: 1_000).Commit("$5")
        .At(lastMoment).Reserve("$1").Refused(Refusal.ExceedsSpendCap, shortBy: "$1", retryAfterMs: 1)
        .At(next).Expect(committed: "$5").Reserve("$5").Answered(headroom: "$0").Expect(committed: "$0", held: "$5");

    [Fact]
    public void Several_windows_count_the_same_call_and_each_starts_again_on_its_own() => Account
        .With(limits: Limit.Spend(
            Limit.Cap(SpendWindow.Life, "$100"), Limit.Cap(SpendWindow.Day, "$5"), Limit.Cap(SpendWindow.Week, "$20"), Limit.Cap(SpendWindow.Month, "$50")),
            at: "2026-03-08 12:00")
        .Reserve("$5").Commit("$4").At("2026-03-09 12:00").Reserve("$3").Commit("$3")
        .Expect(limit: "life", committed: "$7").Expect(limit: "day", committed: "$3")
        .Expect(limit: "week", committed: "$3").Expect(limit: "month", committed: "$7");

    [Fact]
    public void The_same_day_in_two_zones_is_two_limits() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$5"), Limit.Cap(SpendWindow.Day, "$5", zone: "Asia/Tokyo")), at: "2026-03-02 14:59")
        .Reserve("$5").Commit("$5").At("2026-03-02 15:00")
        .Reserve("$5").Refused(Refusal.ExceedsSpendCap, "day", "$5", retryAfterMs: 9 * 3_600_000)
        .Expect(limit: "day", headroom: "$0").Expect(limit: "day Asia/Tokyo", headroom: "$5");

    [Fact]
    public void A_reservation_belongs_to_the_window_in_which_it_was_made() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$5")), at: "2026-03-02 23:59")
        .Reserve("$4").At("2026-03-03 00:01").Reserve("$5", "today").Expect(held: "$5", committed: "$0")
        .Commit("$9").Answered(charged: "$9", overrun: "$4").Expect(committed: "$0", overrun: "$0")
        .Release("today").Reserve("$5").Expect(held: "$5");

    [Fact]
    public void A_window_that_nobody_used_is_passed_over()
    {
        var account = Account.With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$5"))).WaitHours(24 * 40);
        var entries = account.Journal.Count;
        account.Expire();
        Assert.Equal(1, account.Journal.Count - entries);
    }

    [Fact]
    public void A_clock_that_jumps_back_opens_no_window_again() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$5")))
        .At("2026-03-03 00:10").Reserve("$5").Commit("$5")
        .At("2026-03-02 23:00").Reserve("$1", id: OperationId.NewV7(Account.Moment("2026-03-03 00:10"), 9, 9))
        .Refused(Refusal.ExceedsSpendCap, "day", "$1")
        .At("2026-03-03 00:20").Reserve("$1").Refused(Refusal.ExceedsSpendCap);

    [Fact]
    public void A_limit_for_life_never_starts_again() => Account.With("$5")
        .Reserve("$5").Commit("$5").At("2126-01-01").Reserve("$1").Refused(Refusal.ExceedsSpendCap, "life", "$1", retryAfterMs: 0);
}
