using Enforcer.Host.Activations;

namespace Enforcer.Host.Expiry;

/// <summary>
/// When which account wants to be woken because a reservation of it ends by time. An account has at most one live place in
/// it, at or before its first expiry, so the cost is per account and not per reservation.
/// </summary>
internal sealed class ExpiryQueue
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Activation, long> _queue = new();

    /// <summary>Asks for a wake-up.</summary>
    public void Add(Activation activation, long wakeMs)
    {
        lock (_gate) _queue.Enqueue(activation, wakeMs);
    }

    /// <summary>Takes one that is due.</summary>
    public bool TryTake(long nowMs, out Activation activation)
    {
        lock (_gate)
        {
            if (_queue.TryPeek(out activation!, out var wakeMs) && wakeMs <= nowMs)
            {
                _queue.Dequeue();
                return true;
            }
            return false;
        }
    }
}
