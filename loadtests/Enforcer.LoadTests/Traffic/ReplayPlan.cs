namespace Enforcer.LoadTests.Traffic;

/// <summary>
/// A trace spread over keys: which key makes which request, and each key's cap, a share of 10 to 90% of what its requests
/// really cost. Keys without a request are left out, so every key runs dry. The same seed gives the same plan.
/// </summary>
internal sealed class ReplayPlan
{
    private readonly int[] _keys;

    public ReplayPlan(IReadOnlyList<TraceRow> rows, int keys, int seed)
    {
        Rows = rows;
        var random = new Random(seed);
        var zipf = new Zipf(keys);
        _keys = new int[rows.Count];
        for (var i = 0; i < _keys.Length; i++)
        {
            _keys[i] = zipf.Next(random);
        }

        var (totals, smallest) = (new SortedDictionary<int, long>(), new Dictionary<int, long>());
        for (var i = 0; i < _keys.Length; i++)
        {
            totals[_keys[i]] = totals.GetValueOrDefault(_keys[i]) + TracePrices.CostNanos(rows[i]);
            smallest[_keys[i]] = Math.Min(smallest.GetValueOrDefault(_keys[i], long.MaxValue), TracePrices.CostNanos(rows[i]));
        }

        TrueTotals = totals;
        SmallestRequest = smallest;
        Caps = totals.ToDictionary(total => total.Key, total => total.Value / 1_000 * random.Next(100, 901));
    }

    public IReadOnlyList<TraceRow> Rows { get; }

    /// <summary>What each key's requests really cost together, in nanos.</summary>
    public IReadOnlyDictionary<int, long> TrueTotals { get; }

    public IReadOnlyDictionary<int, long> Caps { get; }

    /// <summary>The real cost of each key's cheapest request, in nanos: it cannot ask for less.</summary>
    public IReadOnlyDictionary<int, long> SmallestRequest { get; }

    public int KeyOf(int row) => _keys[row];
}
