using Enforcer.Pricing.Quoting;

namespace Enforcer.Pricing.Bounds;

/// <summary>
/// Between what the running counts of an account can stand when a call that is reserved now is committed: at least what is committed, at
/// most that and everything that is held. A bound counts included usage only where it is left at the most, and volume discounts only
/// where they are reached at the least.
/// </summary>
public sealed class CountRange
{
    private readonly RunningCounts? _most;

    private CountRange(RunningCounts least, RunningCounts? most) => (Least, _most) = (least, most);

    /// <summary>Nobody knows: nothing is included, nothing is cheaper by volume. True for every account.</summary>
    public static CountRange Unknown { get; } = new(RunningCounts.None, null);

    /// <summary>Nothing is counted.</summary>
    public static CountRange None { get; } = new(RunningCounts.None, RunningCounts.None);

    /// <summary>The counts at the least.</summary>
    public RunningCounts Least { get; }

    /// <summary>Between two counts.</summary>
    public static CountRange Between(RunningCounts least, RunningCounts most) => new(least, most);

    /// <summary>Exactly there, because no other call can come between.</summary>
    public static CountRange Exactly(RunningCounts counts) => new(counts, counts);

    /// <summary>How far a counter can be.</summary>
    public long Most(string counter) => _most is null ? long.MaxValue : _most[counter];
}
