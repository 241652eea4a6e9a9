using Enforcer.Pricing.Amounts;

namespace Enforcer.Pricing.Tests.Parts;

/// <summary>Factors are exact, or an error.</summary>
public sealed class RatioTests
{
    [Theory]
    [InlineData("1.05", 21, 20)]
    [InlineData("0.0625", 1, 16)]
    [InlineData("100.000", 100, 1)]
    [InlineData("0", 0, 1)]
    public void A_decimal_is_kept_in_lowest_terms(string text, long numerator, long denominator)
    {
        var ratio = Ratio.Of(decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((numerator, denominator), (ratio.Numerator, ratio.Denominator));
    }

    [Theory]
    [InlineData(21, 20, "1.05")]
    [InlineData(100, 3, "100/3")]
    [InlineData(7, 1, "7")]
    [InlineData(0, 5, "0")]
    [InlineData(1, 1_000_000_000_000_000_000, "0.000000000000000001")]
    public void It_is_written_as_people_write_it(long numerator, long denominator, string text) => Assert.Equal(text, Ratio.Of(numerator, denominator).ToString());

    [Fact]
    public void Products_cross_out_before_they_grow()
    {
        var third = Ratio.Of(long.MaxValue, 3);
        Assert.Equal(Ratio.One, third * third.Inverse());
        Assert.Equal(Ratio.Zero, third * Ratio.Zero);
        Assert.Throws<OverflowException>(() => third * third);
    }

    [Fact]
    public void They_compare_exactly()
    {
        Assert.True(Ratio.Of(long.MaxValue - 1, long.MaxValue) < Ratio.One);
        Assert.True(Ratio.Percent(105) > Ratio.One);
        Assert.True(default(Ratio) == Ratio.Zero);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.0000000000000000001")]
    [InlineData("10000000000000000000")]
    public void What_does_not_fit_is_refused(string text) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Ratio.Of(decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));
}
