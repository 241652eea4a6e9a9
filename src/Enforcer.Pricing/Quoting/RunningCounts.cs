namespace Enforcer.Pricing.Quoting;

/// <summary>
/// What an account used in the period before a call, by counter: what volume tiers and included usage look at. A counter that is not named
/// stands at 0. There are few, so they are searched through.
/// </summary>
public sealed class RunningCounts
{
    private readonly (string Counter, long Count)[] _counts;

    private RunningCounts((string Counter, long Count)[] counts) => _counts = counts;

    /// <summary>Nothing was used yet.</summary>
    public static RunningCounts None { get; } = new([]);

    /// <summary>How far a counter is.</summary>
    public long this[string counter]
    {
        get
        {
            foreach (var (name, count) in _counts)
            {
                if (name == counter) return count;
            }
            return 0;
        }
    }

    /// <summary>These counters.</summary>
    /// <exception cref="ArgumentException">A count is below 0, or a counter is named twice.</exception>
    public static RunningCounts Of(params ReadOnlySpan<(string Counter, long Count)> counts)
    {
        if (counts.IsEmpty) return None;
        for (var i = 0; i < counts.Length; i++)
        {
            var (counter, count) = counts[i];
            if (count < 0) throw new ArgumentException($"The counter {counter} is {count}: give 0 or more.", nameof(counts));
            foreach (var (other, _) in counts[..i])
            {
                if (other == counter) throw new ArgumentException($"The counter {counter} is named twice: leave one.", nameof(counts));
            }
        }
        return new RunningCounts(counts.ToArray());
    }
}
