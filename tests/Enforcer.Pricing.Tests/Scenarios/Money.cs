using System.Globalization;
using System.Numerics;

namespace Enforcer.Pricing.Tests.Scenarios;

/// <summary>Amounts as people write them: "$5.25" is 5,250,000,000 nanos.</summary>
internal static class Money
{
    public static long Nanos(string text)
    {
        var parts = text.TrimStart('$').Replace(",", "", StringComparison.Ordinal).Split('.');
        var fraction = parts.Length > 1 ? parts[1] : "";
        Assert.True(fraction.Length <= 9, $"{text} has parts of a nano");
        return (long)(BigInteger.Parse(parts[0], CultureInfo.InvariantCulture) * 1_000_000_000) + long.Parse(fraction.PadRight(9, '0'), CultureInfo.InvariantCulture);
    }
}
