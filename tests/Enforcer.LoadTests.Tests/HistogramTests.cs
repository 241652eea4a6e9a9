using Enforcer.LoadTests.Measuring;
using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.LoadTests.Tests;

public sealed class HistogramTests
{
    private static readonly double[] Percents = [0, 1, 25, 50, 90, 99, 99.9, 100];

    private static readonly Arbitrary<long[]> Values =
        Gen.Choose(0, 62).SelectMany(bits => Gen.Choose(0, int.MaxValue).Select(low => (1L << bits) + (low % (1L << bits)))).ArrayOf().ToArbitrary();

    [Fact]
    public void A_percentile_is_the_value_of_the_sorted_list_or_at_most_one_128th_above_it() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Values, values =>
        {
            if (values.Length == 0)
                return true;
            var histogram = Of(values);
            var sorted = values.Order().ToArray();
            return Percents.All(percent =>
            {
                var exact = sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * sorted.Length), 1, sorted.Length) - 1];
                var told = histogram.Percentile(percent);
                return told >= exact && told - exact <= exact / 128;
            });
        }));

    [Fact]
    public void Merged_histograms_tell_the_same_as_one_of_all_values() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Values, Values, (left, right) =>
        {
            var merged = Of(left);
            merged.Merge(Of(right));
            var whole = Of([.. left, .. right]);
            return merged.Count == whole.Count && merged.Max == whole.Max
                && Percents.All(percent => merged.Percentile(percent) == whole.Percentile(percent));
        }));

    [Fact]
    public void An_empty_histogram_tells_zero() => Assert.Equal(0, new Histogram().Percentile(99));

    [Fact]
    public void The_greatest_value_fits() => Assert.Equal(long.MaxValue, Of([long.MaxValue]).Percentile(100));

    private static Histogram Of(long[] values)
    {
        var histogram = new Histogram();
        Array.ForEach(values, histogram.Record);
        return histogram;
    }
}
