using System.Numerics;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>Fractions without any bound, and without any care for speed.</summary>
internal readonly record struct Fraction(BigInteger Top, BigInteger Bottom)
{
    public static Fraction Whole(BigInteger value) => new(value, 1);

    /// <summary>From the digits that a decimal prints, not from its bits.</summary>
    public static Fraction Of(decimal value)
    {
        var text = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0) return Whole(BigInteger.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        var digits = BigInteger.Parse(text.Remove(point, 1), System.Globalization.CultureInfo.InvariantCulture);
        return new Fraction(digits, BigInteger.Pow(10, text.Length - point - 1));
    }

    public Fraction OfUnits(long quantity) => this * Whole(quantity);

    public static Fraction operator *(Fraction left, Fraction right) => new(left.Top * right.Top, left.Bottom * right.Bottom);

    public static Fraction operator /(Fraction left, Fraction right) => new(left.Top * right.Bottom, left.Bottom * right.Top);

    public static Fraction Max(Fraction left, Fraction right) => left.Top * right.Bottom >= right.Top * left.Bottom ? left : right;

    /// <summary>In nanos, rounded up.</summary>
    public BigInteger CeilingNanos()
    {
        var whole = Top * 1_000_000_000 / Bottom;
        return whole * Bottom == Top * 1_000_000_000 ? whole : whole + 1;
    }
}
