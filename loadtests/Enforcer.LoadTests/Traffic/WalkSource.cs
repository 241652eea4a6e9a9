using Enforcer.LoadTests.Edges;

namespace Enforcer.LoadTests.Traffic;

/// <summary>One cycle on every account, one after the other: afterwards all of them are active.</summary>
internal sealed class WalkSource(int accounts) : ICycleSource
{
    private int _next;

    public bool TryNext(out Cycle cycle)
    {
        cycle = new Cycle(_next, 1_000, 0, 1_000, Ending.Commit);
        return _next++ < accounts;
    }

    public void Ended(in Cycle cycle, in EdgeAnswer reserved)
    {
    }
}
