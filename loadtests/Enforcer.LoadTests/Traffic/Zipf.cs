namespace Enforcer.LoadTests.Traffic;

/// <summary>Draws ranks 0 to n-1, rank r with a weight of 1/(r+1): a few keys make most of the traffic, as customers do.</summary>
internal sealed class Zipf
{
    private readonly double[] _cumulative;

    public Zipf(int ranks, double exponent = 1.0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        _cumulative = new double[ranks];
        var sum = 0.0;
        for (var rank = 0; rank < ranks; rank++)
        {
            sum += 1 / Math.Pow(rank + 1, exponent);
            _cumulative[rank] = sum;
        }

        for (var rank = 0; rank < ranks; rank++)
        {
            _cumulative[rank] /= sum;
        }
    }

    /// <summary>The share of all draws that falls on a rank.</summary>
    public double Share(int rank) => rank == 0 ? _cumulative[0] : _cumulative[rank] - _cumulative[rank - 1];

    public int Next(Random random)
    {
        var found = Array.BinarySearch(_cumulative, random.NextDouble());
        return Math.Min(found < 0 ? ~found : found, _cumulative.Length - 1);
    }
}
