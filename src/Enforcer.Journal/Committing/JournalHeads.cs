namespace Enforcer.Journal.Committing;

/// <summary>
/// The accounts' heads, which follow behind the journal. Whoever holds accounts in memory writes heads from time to time, the
/// <see cref="Oldest"/> first; how far they lag decides how much must be read again at the next start.
/// </summary>
public sealed class JournalHeads
{
    private readonly IJournalStore _store;
    private readonly TailIndex _tails;
    private readonly IReadOnlySet<long> _damaged;
    private readonly GroupCommit _journal;

    internal JournalHeads(IJournalStore store, Recovery recovery, GroupCommit journal)
    {
        _store = store;
        _tails = recovery.Tails;
        _damaged = recovery.Damaged;
        _journal = journal;
    }

    /// <summary>How many accounts' heads lie behind.</summary>
    public int Lagging => _tails.Count;

    /// <summary>Every entry up to this batch is contained in its account's head.</summary>
    public long CoveredThrough => _tails.CoveredThrough;

    /// <summary>Every entry of these accounts up to this batch is contained in their heads. That stays true, whatever becomes of them.</summary>
    public long CoveredThroughOf(IEnumerable<long> accounts) => _tails.CoveredThroughOf(accounts);

    /// <summary>The accounts whose heads have lain behind longest, at most so many, of those that lie behind since a batch or longer.</summary>
    public IReadOnlyList<long> Oldest(int limit, long through = long.MaxValue) => _tails.Oldest(limit, through);

    /// <summary>The accounts that are not served because their journals are damaged (<see cref="JournalOptions.ServeDamaged"/>).</summary>
    public IReadOnlySet<long> Damaged => _damaged;

    /// <summary>Writes heads. Each must be at an entry that is durable: await its ticket first.</summary>
    /// <exception cref="ArgumentException">A head is ahead of what is durable.</exception>
    /// <exception cref="JournalUnavailableException">They could not be written; try again later.</exception>
    /// <exception cref="JournalBrokenException">An fsync failed: the journal has ended.</exception>
    public async Task WriteAsync(IReadOnlyList<AccountHead> heads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(heads);
        var durable = _journal.DurableBatch;
        foreach (var head in heads)
        {
            if (head.LastBatch > durable && head.LastBatch <= BatchNumber.EndOf(durable))
                throw new ArgumentException($"The head of account {head.Account} is in batch {head.LastBatch}, but only {durable} is durable.", nameof(heads));
        }
        // The cursor is that of the heads before these: an account is struck off only when its head is really there.
        try
        {
            await _store.WriteHeadsAsync(heads, _tails.CoveredThrough, cancellation).ConfigureAwait(false);
        }
        catch (Exception end) when (end is JournalBrokenException or JournalFencedException)
        {
            // Nobody may be appending just now, and the next one who does would be too late to notice.
            _journal.End(end);
            throw;
        }
        _tails.Cover(heads);
    }

    /// <summary>These accounts belong to another node now, which takes care of their heads.</summary>
    public void Remove(IReadOnlyCollection<long> accounts) => _tails.Remove(accounts);

    /// <summary>Where an account's journal ends and the head to begin reading with.</summary>
    /// <exception cref="JournalCorruptException">The account's journal is damaged.</exception>
    /// <exception cref="JournalUnavailableException">A failed append is being looked into; nobody can say.</exception>
    public ValueTask<AccountEnd> ReadAsync(long account, CancellationToken cancellation = default) => ReadAsync(account, isClaimed: false, cancellation);

    /// <summary>The same for whoever is about to load the account and append to it: first it is made this node's, if nobody owns it.</summary>
    /// <exception cref="JournalElsewhereException">Another node owns it.</exception>
    public ValueTask<AccountEnd> ClaimAsync(long account, CancellationToken cancellation = default) => ReadAsync(account, isClaimed: true, cancellation);

    /// <summary>The accounts that time changes at or before this moment (Unix ms), the earliest first, as their heads know it.</summary>
    public ValueTask<IReadOnlyList<DueAccount>> ReadDueAsync(long atMs, int limit, CancellationToken cancellation = default) =>
        _store.ReadDueAsync(atMs, limit, cancellation);

    private async ValueTask<AccountEnd> ReadAsync(long account, bool isClaimed, CancellationToken cancellation)
    {
        // First the generation: if the account is taken after its head was read, a later generation begins, and the tail is told lost.
        var generation = _journal.Generation;
        if (_journal.LastError is { } error)
            throw new JournalUnavailableException($"The journal is being recovered: {error.Message}", error);
        if (_damaged.Contains(account))
            throw new JournalCorruptException($"The journal of account {account} is damaged. Run `enforcer verify`.") { Account = account, IsSetAside = true };
        // First the tails, then the heads: an account leaves the tails only after its head was written.
        var isLagging = _tails.TryGet(account, out var tail);
        var head = isClaimed
            ? await ClaimHeadAsync(account, cancellation).ConfigureAwait(false)
            : await _store.ReadHeadAsync(account, cancellation).ConfigureAwait(false);
        // It may have been written without anybody hearing of that, by this process or the one before.
        if (isLagging && head is not null) _tails.Cover([head]);
        if (head is not null && (!isLagging || head.End.Seq > tail.Seq)) tail = head.End;
        var isForeign = tail.LastBatch != 0 && BatchNumber.OriginOf(tail.LastBatch) != BatchNumber.OriginOf(_journal.DurableBatch);
        return new AccountEnd(tail with { Generation = generation, IsForeign = isForeign }, head);
    }

    private async ValueTask<AccountHead?> ClaimHeadAsync(long account, CancellationToken cancellation)
    {
        try
        {
            return await _store.ClaimHeadAsync(account, cancellation).ConfigureAwait(false);
        }
        catch (JournalElsewhereException)
        {
            // It went to another node before this one was started: its head has known since then where it ends, and nobody here will write another one.
            _tails.Remove([account]);
            throw;
        }
        catch (JournalFencedException fenced)
        {
            // Whoever only reads would never hear of it from an append.
            _journal.End(fenced);
            throw;
        }
    }
}
