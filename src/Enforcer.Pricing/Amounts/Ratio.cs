namespace Enforcer.Pricing.Amounts;

/// <summary>
/// An exact factor, at least 0: a markup of 5 % is 21/20, a credit unit worth 0.03 divides by 3/100. Kept in lowest terms; products
/// that leave 63 bits are an <see cref="OverflowException"/>, never an approximation.
/// </summary>
public readonly record struct Ratio : IComparable<Ratio>
{
    // One less than the denominator, so that the default value is 0/1.
    private readonly long _denominatorLessOne;

    private Ratio(long numerator, long denominator)
    {
        Numerator = numerator;
        _denominatorLessOne = denominator - 1;
    }

    /// <summary>0: what is included, or given away.</summary>
    public static Ratio Zero => default;

    /// <summary>1: what is priced as listed.</summary>
    public static Ratio One => new(1, 1);

    /// <summary>At least 0, in lowest terms.</summary>
    public long Numerator { get; }

    /// <summary>At least 1, in lowest terms.</summary>
    public long Denominator => _denominatorLessOne + 1;

    /// <summary>A fraction of two whole numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The numerator is below 0, or the denominator below 1.</exception>
    public static Ratio Of(long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        ArgumentOutOfRangeException.ThrowIfLessThan(denominator, 1);
        return Reduced(numerator, denominator);
    }

    /// <summary>Exactly this decimal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0, or has more than 18 digits.</exception>
    public static Ratio Of(decimal value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var (mantissa, scale) = ExactDecimal.Parts(value);
        while (scale > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            scale--;
        }
        if (scale > 18 || mantissa > long.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(value), value, "A factor has at most 18 digits.");
        return Reduced((long)mantissa, (long)ExactDecimal.PowerOfTen(scale));
    }

    /// <summary>So many hundredths: 105 is 1.05.</summary>
    public static Ratio Percent(decimal percent) => Of(percent) * new Ratio(1, 100);

    /// <summary>Both factors after one another.</summary>
    /// <exception cref="OverflowException">The product needs more than 63 bits above or below the line.</exception>
    public static Ratio operator *(Ratio left, Ratio right) => TryMultiply(left, right, out var product)
        ? product
        : throw new OverflowException($"{left} × {right} has too many digits to be exact.");

    /// <summary>Both factors after one another; false, and 0, if the product needs more than 63 bits above or below the line.</summary>
    public static bool TryMultiply(Ratio left, Ratio right, out Ratio product)
    {
        var first = Divisor(left.Numerator, right.Denominator);
        var second = Divisor(right.Numerator, left.Denominator);
        var numerator = (Int128)(left.Numerator / first) * (right.Numerator / second);
        var denominator = (Int128)(left.Denominator / second) * (right.Denominator / first);
        var fits = numerator <= long.MaxValue && denominator <= long.MaxValue;
        product = fits ? new Ratio((long)numerator, (long)denominator) : Zero;
        return fits;
    }

    /// <summary>Both factors after one another.</summary>
    public static Ratio Multiply(Ratio left, Ratio right) => left * right;

    /// <summary>1 divided by this.</summary>
    /// <exception cref="DivideByZeroException">This is 0.</exception>
    public Ratio Inverse() => Numerator == 0 ? throw new DivideByZeroException("0 has no inverse.") : new Ratio(Denominator, Numerator);

    /// <inheritdoc/>
    public int CompareTo(Ratio other) => ((Int128)Numerator * other.Denominator).CompareTo((Int128)other.Numerator * Denominator);

    /// <summary>Below.</summary>
    public static bool operator <(Ratio left, Ratio right) => left.CompareTo(right) < 0;

    /// <summary>Above.</summary>
    public static bool operator >(Ratio left, Ratio right) => left.CompareTo(right) > 0;

    /// <summary>At most.</summary>
    public static bool operator <=(Ratio left, Ratio right) => left.CompareTo(right) <= 0;

    /// <summary>At least.</summary>
    public static bool operator >=(Ratio left, Ratio right) => left.CompareTo(right) >= 0;

    /// <summary>"1.05" where that is exact, "20/3" where it is not.</summary>
    public override string ToString()
    {
        for (var (scale, power) = (0, 1L); scale <= 18; scale++, power = scale > 18 ? power : power * 10)
        {
            if (power % Denominator == 0 && (Int128)Numerator * (power / Denominator) <= long.MaxValue)
                return ExactDecimal.Text(new decimal(Numerator * (power / Denominator)) / power);
        }
        return $"{Numerator}/{Denominator}";
    }

    private static Ratio Reduced(long numerator, long denominator)
    {
        var divisor = Divisor(numerator, denominator);
        return new Ratio(numerator / divisor, denominator / divisor);
    }

    private static long Divisor(long left, long right)
    {
        while (right != 0) (left, right) = (right, left % right);
        return left;
    }
}
