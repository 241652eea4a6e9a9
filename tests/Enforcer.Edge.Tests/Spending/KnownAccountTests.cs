using Enforcer.Edge.Spending;
using Enforcer.Protocol.V1;
using Enforcer.Testing;

namespace Enforcer.Edge.Tests.Spending;

/// <summary>How rates stand between two looks at Enforcer: what passed here is gone, what time gives back is there, never more than a burst.</summary>
public sealed class KnownAccountTests
{
    [Theory]
    [InlineData(60, 10, 10, 0, 0, 10)]
    [InlineData(60, 10, 10, 0, 3, 7)]
    [InlineData(60, 10, 4, 2_000, 3, 3)]
    [InlineData(60, 10, 4, 600_000, 0, 10)]
    [InlineData(60, 10, -5, 2_000, 0, 0)]
    [InlineData(60, 0, 60, 0, 1, 59)]
    public void What_remains(long perMinute, long burst, long told, long sinceMs, long used, long remains)
    {
        var account = new AccountView { Requests = new RateView { PerMinute = perMinute, Burst = burst, Available = told } };
        var standing = RateStanding.Of(account, TimeSpan.FromMilliseconds(sinceMs), used, tokens: 9, DateTimeOffset.UnixEpoch);
        Assert.Equal(remains, standing!.Requests!.Value.Remaining);
        Assert.Null(standing.Tokens);
    }

    [Fact]
    public void An_account_without_rates_has_no_standing() =>
        Assert.Null(RateStanding.Of(new AccountView(), TimeSpan.Zero, 1, 1, DateTimeOffset.UnixEpoch));

    [Fact]
    public void What_is_known_gets_old_and_one_caller_at_a_time_is_told()
    {
        var clock = new ManualClock();
        var account = new KnownAccount(new AccountView { Account = "a", Tokens = new RateView { PerMinute = 1, Burst = 1_000, Available = 1_000 } }, clock);
        Assert.Equal(900, account.Take(100, out var isOld)!.Tokens!.Value.Remaining);
        Assert.False(isOld);
        clock.Advance(TimeSpan.FromSeconds(6));
        account.Take(100, out isOld);
        Assert.True(isOld);
        account.Take(100, out isOld);
        Assert.False(isOld);
        // Enforcer could not be asked: what is known stays, and the next one asks.
        account.Learn(null);
        Assert.Equal(600, account.Take(100, out isOld)!.Tokens!.Value.Remaining);
        Assert.True(isOld);
        account.Learn(new AccountView { Account = "a", Tokens = new RateView { PerMinute = 1, Burst = 2_000, Available = 1_500 } });
        Assert.Equal(1_400, account.Take(100, out isOld)!.Tokens!.Value.Remaining);
        Assert.False(isOld);
    }
}
