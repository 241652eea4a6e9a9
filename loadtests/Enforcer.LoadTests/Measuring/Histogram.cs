using System.Numerics;

namespace Enforcer.LoadTests.Measuring;

/// <summary>
/// A log-linear histogram of non-negative values (here: nanoseconds): exact below 256, above it 128 steps per power of
/// two, so a percentile is never below the true value and at most 1/128 above it. Not thread-safe: one per client,
/// merged at the end.
/// </summary>
internal sealed class Histogram
{
    private const int SubBits = 7;
    private const int Steps = 1 << SubBits;

    private readonly long[] _counts = new long[((63 - SubBits) * Steps) + Steps];

    public long Count { get; private set; }

    public long Max { get; private set; }

    public void Record(long value)
    {
        var clamped = Math.Max(0, value);
        _counts[IndexOf(clamped)]++;
        Count++;
        Max = Math.Max(Max, clamped);
    }

    public void Merge(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The value that at least <paramref name="percent"/> of all values do not exceed; 0 if there are none.</summary>
    public long Percentile(double percent)
    {
        var rank = Math.Clamp((long)Math.Ceiling(percent / 100 * Count), 1, Math.Max(1, Count));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
                return Math.Min(HighestOf(i), Max);
        }

        return 0;
    }

    private static int IndexOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value) - SubBits);
        return (shift << SubBits) + (int)(value >> shift);
    }

    private static long HighestOf(int index)
    {
        if (index < 2 * Steps)
            return index;
        var shift = (index >> SubBits) - 1;
        var lowest = (long)((index & (Steps - 1)) + Steps) << shift;
        return lowest + ((1L << shift) - 1);
    }
}
