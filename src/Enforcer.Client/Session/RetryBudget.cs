namespace Enforcer.Client;

/// <summary>
/// Bounds repeats to a share of all answers, so that clients of a struggling server do not multiply its load. Counts in
/// hundredths of a repeat: each answer earns <c>percent</c> of them, each repeat costs a hundred.
/// </summary>
internal sealed class RetryBudget(int percent)
{
    private const int Cost = 100;
    private const int Most = 100 * Cost;
    private int _left = percent == 0 ? 0 : Most;

    /// <summary>Called under the gate of the table.</summary>
    public void Earn() => _left = Math.Min(Most, _left + percent);

    /// <summary>Called under the gate of the table.</summary>
    public bool TrySpend()
    {
        if (_left < Cost)
            return false;
        _left -= Cost;
        return true;
    }
}
