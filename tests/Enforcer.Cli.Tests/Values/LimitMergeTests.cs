using Enforcer.Cli.Shell;
using Enforcer.Cli.Tests.Support;
using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Values;

public sealed class LimitMergeTests
{
    private static readonly Limits Current = LimitMerge.Of(Accounts.Acme());

    [Fact]
    public void Nothing_named_changes_nothing() => Assert.Equal(Current, LimitMerge.Apply(Current, new LimitChanges(), "USD"));

    [Fact]
    public void A_cap_that_is_named_changes_alone_and_keeps_its_zone()
    {
        var after = LimitMerge.Apply(Current, With(SpendWindow.Day, 2), "USD");
        var expected = Current.Clone();
        expected.Spend[1].CapNanos = 2 * Accounts.Dollar;
        Assert.Equal(expected, after);
        Assert.Equal("Europe/Berlin", after.Spend[1].Zone);
    }

    [Fact]
    public void A_zone_moves_the_calendar_windows_that_are_named()
    {
        var changes = With(SpendWindow.Day, 2) with { Zone = "America/New_York" };
        Assert.Equal("America/New_York", LimitMerge.Apply(Current, changes, "USD").Spend[1].Zone);
        Assert.Equal("", LimitMerge.Apply(Current, With(SpendWindow.Life, 2) with { Zone = "America/New_York" }, "USD").Spend[0].Zone);
    }

    [Fact]
    public void A_new_window_is_added_behind_the_others()
    {
        var after = LimitMerge.Apply(Current, With(SpendWindow.Month, 7), "USD");
        Assert.Equal([SpendWindow.Life, SpendWindow.Day, SpendWindow.Month], after.Spend.Select(limit => limit.Window));
    }

    [Fact]
    public void A_scoped_cap_leaves_the_unscoped_one_of_its_window_alone()
    {
        var changes = new LimitChanges { Spend = [new("--model-cap", SpendWindow.Life, "gpt-5.5*", "", new Amount(Accounts.Dollar, null))] };
        var after = LimitMerge.Apply(Current, changes, "USD");
        Assert.Equal(5 * Accounts.Dollar, after.Spend[0].CapNanos);
        Assert.Equal(("gpt-5.5*", Accounts.Dollar), (after.Spend[2].ModelPattern, after.Spend[2].CapNanos));
    }

    [Fact]
    public void None_removes_what_is_there()
    {
        var changes = new LimitChanges
        {
            Spend = [new("--daily", SpendWindow.Day, "", "", null)],
            Requests = new RateValue(0, null),
            Concurrency = 0,
        };
        var after = LimitMerge.Apply(Current, changes, "USD");
        Assert.Equal(SpendWindow.Life, Assert.Single(after.Spend).Window);
        Assert.Null(after.Requests);
        Assert.Equal(0, after.Concurrency);
        Assert.Equal(ExpiryPolicy.Charge, after.OnExpiry);
    }

    [Fact]
    public void None_for_what_is_not_there_is_an_error()
    {
        var changes = new LimitChanges { Spend = [new("--weekly", SpendWindow.Week, "", "", null)] };
        Assert.Contains("--weekly", Assert.Throws<CliException>(() => LimitMerge.Apply(Current, changes, "USD")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_amount_in_another_unit_is_an_error()
    {
        var failure = Assert.Throws<CliException>(() => LimitMerge.Apply(Current, With(SpendWindow.Life, 2, "ACU"), "USD"));
        Assert.Contains("ACU", failure.Message, StringComparison.Ordinal);
        Assert.Contains("USD", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
    }

    [Theory]
    [InlineData(600, 1200, null, 0)]
    [InlineData(50, 1200, null, 50)]
    [InlineData(50, 1200, 80L, 80)]
    public void A_burst_that_was_chosen_stays(long burstBefore, long perMinute, long? burst, long burstAfter)
    {
        var before = new Limits { Requests = new RateLimit { PerMinute = 600, Burst = burstBefore } };
        var after = LimitMerge.Apply(before, new LimitChanges { Requests = new RateValue(perMinute, burst) }, "USD");
        Assert.Equal(new RateLimit { PerMinute = perMinute, Burst = burstAfter }, after.Requests);
    }

    private static LimitChanges With(SpendWindow window, long dollars, string? unit = null) =>
        new() { Spend = [new("--cap", window, "", "", new Amount(dollars * Accounts.Dollar, unit))] };
}
