using System.Collections.Frozen;

namespace Enforcer.Pricing.Quoting;

/// <summary>
/// What an account used in the period before a call, by counter: what volume tiers and included usage look at. A counter that is not named
/// stands at 0.
/// </summary>
public sealed class RunningCounts
{
    private readonly FrozenDictionary<string, long> _counts;

    private RunningCounts(FrozenDictionary<string, long> counts) => _counts = counts;

    /// <summary>Nothing was used yet.</summary>
    public static RunningCounts None { get; } = new(FrozenDictionary<string, long>.Empty);

    /// <summary>How far a counter is.</summary>
    public long this[string counter] => _counts.GetValueOrDefault(counter);

    /// <summary>These counters.</summary>
    /// <exception cref="ArgumentException">A count is below 0.</exception>
    public static RunningCounts Of(params ReadOnlySpan<(string Counter, long Count)> counts)
    {
        var byName = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (counter, count) in counts)
        {
            if (count < 0) throw new ArgumentException($"The counter {counter} is {count}: give 0 or more.", nameof(counts));
            byName.Add(counter, count);
        }
        return new RunningCounts(byName.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
