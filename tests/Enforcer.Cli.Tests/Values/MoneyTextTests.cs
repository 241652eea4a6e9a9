using Enforcer.Cli.Values;

namespace Enforcer.Cli.Tests.Values;

public sealed class MoneyTextTests
{
    [Theory]
    [InlineData("$1.25", 1_250_000_000, "USD")]
    [InlineData("1.25", 1_250_000_000, null)]
    [InlineData("5", 5_000_000_000, null)]
    [InlineData(" $ 5 ", 5_000_000_000, "USD")]
    [InlineData("0", 0, null)]
    [InlineData("0.000000001", 1, null)]
    [InlineData("$0.10", 100_000_000, "USD")]
    [InlineData("ACU 3", 3_000_000_000, "ACU")]
    [InlineData("3 ACU", 3_000_000_000, "ACU")]
    [InlineData("EUR 2.5", 2_500_000_000, "EUR")]
    [InlineData("9007199.254740992", 1L << 53, null)]
    public void An_amount_is_read_exactly(string text, long nanos, string? unit)
    {
        Assert.True(MoneyText.TryParse(text, out var amount, out var problem), problem);
        Assert.Equal(new Amount(nanos, unit), amount);
    }

    [Theory]
    [InlineData("", "single quotes")]
    [InlineData(".25", "'$1.25'")]
    [InlineData("-1", "negative")]
    [InlineData("-$1", "negative")]
    [InlineData("$-1", "negative")]
    [InlineData("-0", "negative")]
    [InlineData("1.0000000001", "nine decimals")]
    [InlineData("1,000", "digits")]
    [InlineData("1e3", "digits")]
    [InlineData("five", "digits")]
    [InlineData("$", "digits")]
    [InlineData("1.2.3", "digits")]
    [InlineData("$1 EUR", "unit")]
    [InlineData("9007199.254740993", "2^53")]
    [InlineData("99999999999999999999", "large")]
    public void What_is_no_amount_is_refused_with_a_reason(string text, string reason)
    {
        Assert.False(MoneyText.TryParse(text, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_250_000_000, "1.25")]
    [InlineData(0, "0")]
    [InlineData(1, "0.000000001")]
    [InlineData(-2_000, "-0.000002")]
    [InlineData(long.MaxValue, "9223372036.854775807")]
    [InlineData(long.MinValue, "-9223372036.854775808")]
    public void Machines_get_plain_decimals(long nanos, string text) => Assert.Equal(text, MoneyText.Plain(nanos));

    [Fact]
    public void Every_amount_that_is_written_is_read_back()
    {
        foreach (var nanos in new[] { 0L, 1, 10, 999_999_999, 1_000_000_000, 123_456_789_012_345, 1L << 53 })
        {
            foreach (var unit in new[] { "USD", "EUR", "ACU" })
            {
                Assert.True(MoneyText.TryParse(MoneyText.Format(nanos, unit), out var amount, out var problem), problem);
                Assert.Equal(new Amount(nanos, unit), amount);
            }
        }
    }
}
