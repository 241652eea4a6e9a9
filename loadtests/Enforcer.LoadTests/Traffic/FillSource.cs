using Enforcer.LoadTests.Edges;
using Enforcer.Protocol.V1;

namespace Enforcer.LoadTests.Traffic;

/// <summary>
/// Spends what is left: asks each account for anything from its smallest request up to more than there can be, spends all
/// that is granted, and asks again until it is refused. After that the account has less headroom than its smallest request.
/// </summary>
internal sealed class FillSource : ICycleSource
{
    private const long MostNanos = 1L << 53;

    private readonly Queue<(int Account, long SmallestNanos)> _left;

    public FillSource(IEnumerable<KeyValuePair<int, long>> smallest) =>
        _left = new Queue<(int, long)>(smallest.Select(pair => (pair.Key, pair.Value)));

    /// <summary>Refusals for another reason than the cap, by account; none in a healthy run.</summary>
    public Dictionary<int, Refusal> Unexpected { get; } = [];

    public bool TryNext(out Cycle cycle)
    {
        cycle = default;
        if (!_left.TryDequeue(out var next))
            return false;
        cycle = new Cycle(next.Account, MostNanos, next.SmallestNanos, MostNanos, Ending.CommitGranted);
        return true;
    }

    public void Ended(in Cycle cycle, in EdgeAnswer reserved)
    {
        if (reserved.IsGranted)
            _left.Enqueue((cycle.Account, cycle.AtLeastNanos));
        else if (reserved.Refusal is not (Refusal.ExceedsSpendCap or Refusal.ExceedsSpendCapInFlight))
            Unexpected[cycle.Account] = reserved.Refusal;
    }
}
