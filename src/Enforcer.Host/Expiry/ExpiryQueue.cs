namespace Enforcer.Host.Expiry;

/// <summary>
/// When which account wants to be woken because a reservation of it ends by time. An activation has at most one live place in
/// it, at or before its first expiry, so the cost is per account and not per reservation.
/// </summary>
/// <remarks>
/// A place outlives what it was asked for: a reservation that ended otherwise, an account that has left memory. So it holds two numbers and not the
/// activation, and whoever is woken by a place that is not its own does nothing.
/// </remarks>
internal sealed class ExpiryQueue
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<long, long> _queue = new();

    /// <summary>Asks for a wake-up.</summary>
    public void Add(long account, long wakeMs)
    {
        lock (_gate) _queue.Enqueue(account, wakeMs);
    }

    /// <summary>Takes one that is due.</summary>
    public bool TryTake(long nowMs, out long account, out long wakeMs)
    {
        lock (_gate)
        {
            if (!_queue.TryPeek(out account, out wakeMs) || wakeMs > nowMs) return false;
            _queue.Dequeue();
            return true;
        }
    }
}
