using Enforcer.Host;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Limits;

namespace Enforcer.Orleans.Tests;

/// <summary>Which shares of a cap are told, and when again.</summary>
public sealed class ThresholdTests
{
    private static readonly SpendLimit Day = new(SpendWindow.Day, 1_000);

    [Fact]
    public void Each_share_is_told_once_a_window_and_again_after_the_cap_was_raised_above_it()
    {
        var thresholds = new Thresholds();
        Assert.Equal([], Told(thresholds, 499, 1_000, 1));
        Assert.Equal([50], Told(thresholds, 500, 1_000, 1));
        Assert.Equal([], Told(thresholds, 799, 1_000, 1));
        Assert.Equal([80, 90, 100], Told(thresholds, 1_000, 1_000, 1));
        Assert.Equal([], Told(thresholds, 1_000, 2_001, 1));
        Assert.Equal([50], Told(thresholds, 1_001, 2_001, 1));
        // The next day begins empty.
        Assert.Equal([50], Told(thresholds, 600, 1_000, 2));
        Assert.Equal([], Told(thresholds, 600, 0, 2));
    }

    private static List<int> Told(Thresholds thresholds, long committed, long cap, long startMs) => thresholds.Look(new AccountReading
    {
        Account = 1,
        Status = AccountStatus.Active,
        Unit = "USD",
        Seq = 1,
        CommittedNanos = committed,
        HeldNanos = 0,
        OpenReservations = 0,
        Limits = new LimitSet([Day]),
        Spend = [new SpendReading(Day with { CapNanos = cap }, new WindowUse { StartMs = startMs, EndMs = startMs + 1, CommittedNanos = committed })],
        RequestsAvailable = 0,
        TokensAvailable = 0,
    }).Select(crossing => crossing.Percent).ToList();
}
