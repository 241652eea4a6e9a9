using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Client.Tests;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("$1.25", 1_250_000_000, "USD")]
    [InlineData("1.25", 1_250_000_000, "USD")]
    [InlineData("1.25 USD", 1_250_000_000, "USD")]
    [InlineData(" $ 5 ", 5_000_000_000, "USD")]
    [InlineData("$5 USD", 5_000_000_000, "USD")]
    [InlineData("-$0.000000001", -1, "USD")]
    [InlineData(".5", 500_000_000, "USD")]
    [InlineData("€3", 3_000_000_000, "EUR")]
    [InlineData("100 ACU", 100_000_000_000, "ACU")]
    [InlineData("7credits", 7_000_000_000, "credits")]
    [InlineData("9223372036.854775807", long.MaxValue, "USD")]
    public void Reads_what_people_type(string text, long nanos, string unit) =>
        Assert.Equal(new Money(nanos, unit), Money.Parse(text));

    [Theory]
    [InlineData("", "has no digits")]
    [InlineData("$", "has no digits")]
    [InlineData("1,000", "without separators")]
    [InlineData("1.2.3", "at most one point")]
    [InlineData("1e3", "at most one point")]
    [InlineData("0.0000000001", "more than nine decimals")]
    [InlineData("9223372036.854775808", "too large")]
    [InlineData("99999999999999999999", "too large")]
    [InlineData("$5 EUR", "two units")]
    public void Refuses_anything_else_and_says_why(string text, string why)
    {
        Assert.False(Money.TryParse(text, out _));
        var problem = Assert.Throws<FormatException>(() => Money.Parse(text));
        Assert.Contains($"'{text}'", problem.Message, StringComparison.Ordinal);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_250_000_000, "USD", "$1.25")]
    [InlineData(5_000_000_000, "USD", "$5.00")]
    [InlineData(-2_000, "USD", "-$0.000002")]
    [InlineData(1_500_000_000, "EUR", "1.50 EUR")]
    [InlineData(100_000_000_000, "ACU", "100 ACU")]
    [InlineData(long.MinValue, "USD", "-$9223372036.854775808")]
    public void Writes_exactly(long nanos, string unit, string text) => Assert.Equal(text, Money.Format(nanos, unit));

    [Fact]
    public void Reading_undoes_writing() => Prop.ForAll<long>(nanos =>
        nanos == long.MinValue || Money.Parse(Money.Format(nanos)).Nanos == nanos).QuickCheckThrowOnFailure();
}
