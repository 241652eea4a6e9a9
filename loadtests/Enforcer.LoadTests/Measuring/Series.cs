namespace Enforcer.LoadTests.Measuring;

/// <summary>The same figure of several runs: told as its median with the least and the greatest.</summary>
internal sealed class Series
{
    private readonly List<double> _values = [];

    public double Median
    {
        get
        {
            var sorted = _values.Order().ToArray();
            var middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    public double Min => _values.Min();

    public double Max => _values.Max();

    public int Count => _values.Count;

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<double> Values => _values;

    public void Add(double value) => _values.Add(value);
}
