using System.Numerics;

namespace Enforcer.Pricing.Amounts;

/// <summary>
/// The one place where a price becomes an amount: quantity × unit price × multiplier, exact up to the last step, then rounded up to
/// whole nanos. The common case is one product and one division of 128 bits; what does not fit goes the long way, to the same result.
/// </summary>
public static class Nanos
{
    private const int Decimals = 9;

    // An array: a span of constants costs an object for each look in code that is not optimized.
    private static readonly ulong[] SmallPowers =
        [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>The amount of one line in nanos, rounded up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Quantity or unit price is below 0.</exception>
    /// <exception cref="OverflowException">The amount is above 2^63 − 1 nanos.</exception>
    public static long Of(long quantity, decimal unitPrice, Ratio multiplier)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        ArgumentOutOfRangeException.ThrowIfNegative(unitPrice);
        var (mantissa, scale) = ExactDecimal.Parts(unitPrice);
        if (quantity == 0 || mantissa == 0 || multiplier.Numerator == 0) return 0;
        if (TrySmall((ulong)quantity, mantissa, scale, multiplier, out var small)) return small;
        var raise = Math.Max(0, Decimals - scale);
        var lower = Math.Max(0, scale - Decimals);
        if (Bits((ulong)quantity) + Bits(mantissa) + Bits((ulong)multiplier.Numerator) + (4 * raise) > 127)
            return Long(quantity, mantissa, raise, lower, multiplier);
        var product = (ulong)quantity * mantissa * (ulong)multiplier.Numerator * ExactDecimal.PowerOfTen(raise);
        var divisor = ExactDecimal.PowerOfTen(lower) * (ulong)multiplier.Denominator;
        var (whole, rest) = UInt128.DivRem(product, divisor);
        if (rest != 0) whole++;
        return whole <= long.MaxValue ? (long)whole : throw TooMuch(quantity, unitPrice, multiplier);
    }

    /// <summary>Nearly every line: all factors together fit into 64 bits.</summary>
    private static bool TrySmall(ulong quantity, UInt128 mantissa, int scale, Ratio multiplier, out long nanos)
    {
        nanos = 0;
        if (mantissa > uint.MaxValue || scale > Decimals + 9) return false;
        var raised = scale < Decimals ? SmallPowers[Decimals - scale] : 1;
        var lowered = scale > Decimals ? SmallPowers[scale - Decimals] : 1;
        if (Math.BigMul(quantity, (ulong)mantissa, out var price) != 0) return false;
        if (Math.BigMul(price, raised, out price) != 0) return false;
        if (Math.BigMul(price, (ulong)multiplier.Numerator, out price) != 0) return false;
        if (Math.BigMul(lowered, (ulong)multiplier.Denominator, out var divisor) != 0) return false;
        var (whole, rest) = Math.DivRem(price, divisor);
        if (rest != 0) whole++;
        if (whole > long.MaxValue) return false;
        nanos = (long)whole;
        return true;
    }

    private static int Bits(UInt128 value) => 128 - (int)UInt128.LeadingZeroCount(value);

    private static long Long(long quantity, UInt128 mantissa, int raise, int lower, Ratio multiplier)
    {
        var product = (BigInteger)quantity * (BigInteger)mantissa * multiplier.Numerator * BigInteger.Pow(10, raise);
        var whole = BigInteger.DivRem(product, BigInteger.Pow(10, lower) * multiplier.Denominator, out var rest);
        if (!rest.IsZero) whole++;
        return whole <= long.MaxValue
            ? (long)whole
            : throw new OverflowException($"{quantity} units × multiplier {multiplier} come to more than {long.MaxValue} nanos: give a smaller quantity or price.");
    }

    private static OverflowException TooMuch(long quantity, decimal unitPrice, Ratio multiplier) => new(
        $"{quantity} units × {ExactDecimal.Text(unitPrice)} × {multiplier} come to more than {long.MaxValue} nanos: give a smaller quantity or price.");
}
