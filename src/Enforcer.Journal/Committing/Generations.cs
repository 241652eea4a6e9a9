namespace Enforcer.Journal.Committing;

/// <summary>
/// What each generation left behind. A new one begins whenever records were lost: all after a certain batch, or only those of
/// certain accounts. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>A tail of an older generation may go on exactly if nothing it stands on was lost since: its last batch was durable when
/// each later generation began, and its account was not among those that fell out. Only the latest generations are kept;
/// whoever comes with an older one is told that it was lost, which costs a reload and is always safe.</para>
/// <para>Answers are another matter: a ticket does not say whose it is. So when records fell out of a batch, no ticket that was given for that batch
/// before may be told that it is durable, though the batch becomes durable without them. The other accounts go on, and their callers get the
/// true answer by asking again.</para>
/// </remarks>
internal sealed class Generations
{
    private const int Kept = 256;
    private const int MaxAccounts = 65_536;
    private readonly long[] _tailEnds = new long[Kept];
    private readonly long[] _ticketEnds = new long[Kept];
    private readonly Dictionary<long, int> _dropped = [];
    private int _oldest;

    /// <summary>The present generation.</summary>
    public int Current { get; private set; }

    /// <summary>Everything after this batch was lost.</summary>
    public void Lose(long durableBatch)
    {
        _tailEnds[Current % Kept] = _ticketEnds[Current % Kept] = durableBatch;
        Current++;
    }

    /// <summary>Everything that was read or written before now must be read again.</summary>
    public void LoseAll()
    {
        Lose(0);
        _oldest = Current;
        _dropped.Clear();
    }

    /// <summary>These accounts belong to another owner now; false if they are more than can be remembered.</summary>
    /// <param name="accounts">The accounts.</param>
    /// <param name="ticketEnd">Tickets for later batches are lost, because records fell out of those; the highest number if none did.</param>
    public bool TryDrop(IReadOnlyCollection<long> accounts, long ticketEnd)
    {
        if (_dropped.Count + accounts.Count > MaxAccounts) return false;
        _tailEnds[Current % Kept] = long.MaxValue;
        _ticketEnds[Current % Kept] = ticketEnd;
        Current++;
        foreach (var account in accounts) _dropped[account] = Current;
        return true;
    }

    /// <summary>True if whoever waits for this ticket may be told when its batch is durable.</summary>
    public bool IsKept(AppendTicket ticket) => IsKept(ticket, _ticketEnds);

    /// <summary>True if the tail may go on in the present generation.</summary>
    public bool MayContinue(in AccountTail tail) =>
        IsKept(tail.Ticket, _tailEnds) && !(_dropped.TryGetValue(tail.Account, out var since) && tail.Generation < since);

    private bool IsKept(AppendTicket ticket, long[] ends)
    {
        if (Current - ticket.Generation >= Kept || ticket.Generation < _oldest) return false;
        for (var generation = ticket.Generation; generation < Current; generation++)
        {
            if (ticket.Batch > ends[generation % Kept]) return false;
        }
        return true;
    }
}
