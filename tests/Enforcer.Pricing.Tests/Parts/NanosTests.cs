using Enforcer.Pricing.Amounts;

namespace Enforcer.Pricing.Tests.Parts;

/// <summary>A line is rounded up, once, from an exact product.</summary>
public sealed class NanosTests
{
    [Theory]
    [InlineData(1, "0.000000001", 1, 1, 1)]
    [InlineData(1, "0.0000000001", 1, 1, 1)]
    [InlineData(10, "0.0000000001", 1, 1, 1)]
    [InlineData(11, "0.0000000001", 1, 1, 2)]
    [InlineData(3, "0.000000001", 1, 3, 1)]
    [InlineData(4, "0.000000001", 1, 3, 2)]
    [InlineData(1, "0.0000000000000000000000000001", 1, 1, 1)]
    [InlineData(9_007_199_254_740_992, "0.0000000000000000000000000001", 1, 1, 1)]
    [InlineData(0, "5", 1, 1, 0)]
    [InlineData(5, "0", 1, 1, 0)]
    [InlineData(5, "5", 0, 1, 0)]
    [InlineData(9, "1000000000", 1, 1, 9_000_000_000_000_000_000)]
    [InlineData(1, "9223372036.854775807", 1, 1, long.MaxValue)]
    [InlineData(9_007_199_254_740_992, "0.9999999999999999999999999999", 1, 1_000_000_000, 9_007_199_254_740_992)]
    [InlineData(9_007_199_254_740_992, "0.0000000033333333333333333333", 21, 20, 31_525_197_391_593_472)]
    public void Rounded_up_to_whole_nanos(long quantity, string unitPrice, long numerator, long denominator, long nanos) =>
        Assert.Equal(nanos, Nanos.Of(quantity, Decimal(unitPrice), Ratio.Of(numerator, denominator)));

    [Theory]
    [InlineData(1, "9223372036.854775808", 1)]
    [InlineData(9_007_199_254_740_992, "79228162514264337593543950335", 1)]
    [InlineData(9_007_199_254_740_992, "1", 1_000_000_000)]
    public void More_than_63_bits_is_an_error_and_never_wraps(long quantity, string unitPrice, long numerator)
    {
        var error = Assert.Throws<OverflowException>(() => Nanos.Of(quantity, Decimal(unitPrice), Ratio.Of(numerator, 1)));
        Assert.Contains($"more than {long.MaxValue} nanos", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_below_zero()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Nanos.Of(-1, 1, Ratio.One));
        Assert.Throws<ArgumentOutOfRangeException>(() => Nanos.Of(1, -1, Ratio.One));
    }

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
