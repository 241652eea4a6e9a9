namespace Enforcer.Journal.Committing;

/// <summary>
/// What each generation left behind. A new one begins whenever records were lost: all after a certain batch, or only those of
/// certain accounts. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// A tail of an older generation may go on exactly if nothing it stands on was lost since: its last batch was durable when
/// each later generation began, and its account was not among those that fell out. Only the latest generations are kept;
/// whoever comes with an older one is told that it was lost, which costs a reload and is always safe.
/// </remarks>
internal sealed class Generations
{
    private const int Kept = 256;
    private const int MaxAccounts = 65_536;
    private readonly long[] _ends = new long[Kept];
    private readonly Dictionary<long, int> _dropped = [];

    /// <summary>The present generation.</summary>
    public int Current { get; private set; }

    /// <summary>Everything after this batch was lost.</summary>
    public void Lose(long durableBatch)
    {
        _ends[Current % Kept] = durableBatch;
        Current++;
        _dropped.Clear();
    }

    /// <summary>The records of these accounts that are not durable were lost; false if that is more than can be remembered.</summary>
    public bool TryDrop(IReadOnlyCollection<long> accounts)
    {
        if (_dropped.Count + accounts.Count > MaxAccounts) return false;
        _ends[Current % Kept] = long.MaxValue;
        Current++;
        foreach (var account in accounts) _dropped[account] = Current;
        return true;
    }

    /// <summary>True if nothing up to this batch was lost since that generation.</summary>
    public bool IsKept(AppendTicket ticket)
    {
        if (Current - ticket.Generation >= Kept) return false;
        for (var generation = ticket.Generation; generation < Current; generation++)
        {
            if (ticket.Batch > _ends[generation % Kept]) return false;
        }
        return true;
    }

    /// <summary>True if the tail may go on in the present generation.</summary>
    public bool MayContinue(in AccountTail tail) =>
        IsKept(tail.Ticket) && !(_dropped.TryGetValue(tail.Account, out var since) && tail.Generation < since);
}
