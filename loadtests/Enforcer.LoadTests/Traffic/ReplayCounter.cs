namespace Enforcer.LoadTests.Traffic;

/// <summary>How far a replay has got; shared by its edges.</summary>
internal sealed class ReplayCounter
{
    private int _next = -1;

    public bool TryTake(int count, out int index)
    {
        index = Interlocked.Increment(ref _next);
        return index < count;
    }
}
