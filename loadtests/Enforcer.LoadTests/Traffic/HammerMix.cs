namespace Enforcer.LoadTests.Traffic;

/// <summary>What hammering cycles look like: amounts are drawn uniformly between the bounds, endings by the two shares.</summary>
/// <param name="ReleasePercent">Granted cycles that are released instead of committed.</param>
/// <param name="AbandonPercent">Granted cycles whose edge never comes back, so that they expire.</param>
internal sealed record HammerMix(int ReleasePercent, int AbandonPercent)
{
    public const long SmallestNanos = 2_000_000;
    public const long LargestNanos = 10_000_000;

    /// <summary>Abandoned reservations expire soon, so that a run sees them expire.</summary>
    public const long AbandonedTtlMs = 1_000;

    public const long TtlMs = 600_000;

    /// <summary>What a cycle commits on average: between a fifth and all of what it reserved.</summary>
    public long MeanCostNanos
    {
        get
        {
            const long MeanReserve = (SmallestNanos + LargestNanos) / 2;
            var committed = (100 - ReleasePercent - AbandonPercent) * MeanReserve * 60 / 100;
            return (committed + (AbandonPercent * MeanReserve)) / 100;
        }
    }

    public Cycle Draw(int account, Random random)
    {
        var reserve = random.NextInt64(SmallestNanos, LargestNanos + 1);
        var cost = reserve * random.Next(20, 101) / 100;
        var roll = random.Next(100);
        if (roll < ReleasePercent)
            return new Cycle(account, reserve, 0, 0, Ending.Release, TtlMs);
        return roll < ReleasePercent + AbandonPercent
            ? new Cycle(account, reserve, 0, 0, Ending.Abandon, AbandonedTtlMs)
            : new Cycle(account, reserve, 0, cost, Ending.Commit, TtlMs);
    }
}
