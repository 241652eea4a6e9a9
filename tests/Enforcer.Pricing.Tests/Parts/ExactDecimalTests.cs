using Enforcer.Pricing.Amounts;

namespace Enforcer.Pricing.Tests.Parts;

/// <summary>Numbers of files are read as they are written, or not at all.</summary>
public sealed class ExactDecimalTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("0.0", "0")]
    [InlineData("0e5", "0")]
    [InlineData("3e-06", "0.000003")]
    [InlineData("2.8E-9", "0.0000000028")]
    [InlineData("3.3333333333333335e-05", "0.000033333333333333335")]
    [InlineData("256000.0", "256000")]
    [InlineData("1.5e+3", "1500")]
    [InlineData("-0.25", "-0.25")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("100e-30", "0.0000000000000000000000000001")]
    public void As_written(string text, string value)
    {
        Assert.True(ExactDecimal.TryParse(text, out var read));
        Assert.Equal(value, ExactDecimal.Text(read));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.2.3")]
    [InlineData("1e")]
    [InlineData("1e1.5")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("1,5")]
    [InlineData("1e-29")]
    [InlineData("1e99999999")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("1.00000000000000000000000000001")]
    [InlineData("1e29")]
    public void Or_not_at_all(string text) => Assert.False(ExactDecimal.TryParse(text, out _));
}
