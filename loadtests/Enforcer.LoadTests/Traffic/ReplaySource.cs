using Enforcer.LoadTests.Edges;

namespace Enforcer.LoadTests.Traffic;

/// <summary>
/// Hands the requests of a plan out to all edges in the order of their arrival; edges share one counter. A request reserves
/// the most it can cost and commits what it really cost.
/// </summary>
internal sealed class ReplaySource(ReplayPlan plan, double speed, ReplayCounter counter) : ICycleSource
{
    /// <summary>About what a hosted model takes per generated token; decides how long money is held.</summary>
    private static readonly TimeSpan PerGeneratedToken = TimeSpan.FromMilliseconds(25);

    public bool TryNext(out Cycle cycle)
    {
        cycle = default;
        if (!counter.TryTake(plan.Rows.Count, out var index))
            return false;
        var row = plan.Rows[index];
        cycle = new Cycle(plan.KeyOf(index), TracePrices.BoundNanos(row), 0, TracePrices.CostNanos(row), Ending.Commit);
        if (speed > 0)
            cycle = cycle with { StartAfter = row.At / speed, HoldFor = PerGeneratedToken * row.GeneratedTokens / speed };
        return true;
    }

    public void Ended(in Cycle cycle, in EdgeAnswer reserved)
    {
    }
}
