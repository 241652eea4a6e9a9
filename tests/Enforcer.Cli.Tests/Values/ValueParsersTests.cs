using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Values;

public sealed class ValueParsersTests
{
    [Theory]
    [InlineData("600", 600, null)]
    [InlineData("600:50", 600, 50L)]
    [InlineData("none", 0, null)]
    public void Rates(string text, long perMinute, long? burst)
    {
        Assert.True(ValueParsers.Rate(text, out var rate, out _));
        Assert.Equal(new RateValue(perMinute, burst), rate);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("600:0")]
    [InlineData("600:")]
    [InlineData("1:2:3")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public void What_is_no_rate(string text)
    {
        Assert.False(ValueParsers.Rate(text, out _, out var problem));
        Assert.Contains($"'{text}'", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt-5.5*=$2", "gpt-5.5*", SpendWindow.Life, 2_000_000_000L)]
    [InlineData("gpt-5.5*=2/month", "gpt-5.5*", SpendWindow.Month, 2_000_000_000L)]
    [InlineData("openai/gpt=$1/day", "openai/gpt", SpendWindow.Day, 1_000_000_000L)]
    [InlineData("a=b=$1/weekly", "a=b", SpendWindow.Week, 1_000_000_000L)]
    [InlineData("gpt=none/day", "gpt", SpendWindow.Day, null)]
    public void Scoped_caps(string text, string scope, SpendWindow window, long? nanos)
    {
        Assert.True(ValueParsers.Scoped(text, out var cap, out var problem), problem);
        Assert.Equal((scope, window, nanos), (cap.Scope, cap.Window, cap.Value.Cap?.Nanos));
    }

    [Theory]
    [InlineData("gpt", "SCOPE=AMOUNT")]
    [InlineData("=$2", "SCOPE=AMOUNT")]
    [InlineData("gpt=$2/year", "'year'")]
    [InlineData("gpt=", "single quotes")]
    [InlineData("gpt=x", "digits")]
    public void What_is_no_scoped_cap(string text, string reason)
    {
        Assert.False(ValueParsers.Scoped(text, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("15m", 900_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("7d", 604_800_000)]
    public void Lengths_of_time(string text, long milliseconds)
    {
        Assert.True(ValueParsers.Duration(text, out var duration, out _));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("h")]
    [InlineData("-5m")]
    [InlineData("5 m")]
    [InlineData("5y")]
    [InlineData("9999999999999d")]
    public void What_is_no_length_of_time(string text) => Assert.False(ValueParsers.Duration(text, out _, out _));

    [Theory]
    [InlineData("2026-11-21", "2026-11-21T00:00:00Z")]
    [InlineData("2026-11-21T10:00Z", "2026-11-21T10:00:00Z")]
    [InlineData("2026-11-21T10:00", "2026-11-21T10:00:00Z")]
    [InlineData("2026-11-21T10:00+02:00", "2026-11-21T08:00:00Z")]
    [InlineData("2026-11-21 10:00:30", "2026-11-21T10:00:30Z")]
    [InlineData("2026-11-21T10:00:30.125Z", "2026-11-21T10:00:30.125Z")]
    [InlineData("2h", "2026-11-30T22:00:00Z")]
    public void Instants(string text, string expected)
    {
        var now = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.True(Instant.TryParse(text, out var instant, out var problem), problem);
        Assert.Equal(DateTimeOffset.Parse(expected, null).ToUnixTimeMilliseconds(), instant.ToUnixMs(now));
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("21.11.2026")]
    [InlineData("2026-13-01")]
    [InlineData("1950-01-01")]
    public void What_is_no_instant(string text) => Assert.False(Instant.TryParse(text, out _, out _));
}
