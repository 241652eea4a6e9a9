using Enforcer.LoadTests.Edges;

namespace Enforcer.LoadTests.Traffic;

/// <summary>One cycle on each of some accounts that nobody has used before, none of them twice, far apart from each other.</summary>
/// <param name="accounts">How many accounts there are.</param>
/// <param name="first">Where to begin.</param>
/// <param name="step">From one to the next: has no divisor in common with the number of accounts.</param>
/// <param name="count">How many.</param>
internal sealed class ColdSource(int accounts, long first, long step, int count) : ICycleSource
{
    private int _done;

    public bool TryNext(out Cycle cycle)
    {
        cycle = new Cycle((int)((first + (_done * step)) % accounts), 1_000, 0, 1_000, Ending.Commit);
        return _done++ < count;
    }

    public void Ended(in Cycle cycle, in EdgeAnswer reserved)
    {
    }
}
