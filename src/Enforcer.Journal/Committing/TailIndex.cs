using Enforcer.Journal.Format;

namespace Enforcer.Journal.Committing;

/// <summary>
/// The accounts whose heads lie behind their journal: where each one's journal really ends, and up to which batch all heads are
/// complete. What it holds is bounded by how far the heads lag. Safe for concurrent use.
/// </summary>
internal sealed class TailIndex
{
    private const int KeptPlaces = 1_024;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Uncovered> _tails = [];
    private readonly PriorityQueue<long, long> _byFirst = new();
    private long _through;

    /// <summary>How many accounts' heads lie behind.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _tails.Count;
        }
    }

    /// <summary>Begins anew at a batch up to which all heads are complete.</summary>
    public void Reset(long coveredThrough)
    {
        lock (_gate)
        {
            _tails.Clear();
            _byFirst.Clear();
            _through = coveredThrough;
        }
    }

    /// <summary>Takes note of a durable batch.</summary>
    /// <exception cref="JournalCorruptException">The bytes are no batch.</exception>
    public void Add(ReadOnlySpan<byte> payload, long batch)
    {
        var records = new RecordReader(payload, batch);
        lock (_gate)
        {
            while (records.TryRead(out var record))
            {
                ref var tail = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_tails, record.Account, out var exists);
                if (!exists)
                {
                    tail.FirstBatch = batch;
                    _byFirst.Enqueue(record.Account, batch);
                }
                tail.Seq = record.LastSeq;
                tail.LastBatch = batch;
                tail.Crc = record.Crc;
            }
            _through = batch;
        }
    }

    /// <summary>Where an account's journal ends, if its head does not say.</summary>
    public bool TryGet(long account, out AccountTail tail)
    {
        lock (_gate)
        {
            var found = _tails.TryGetValue(account, out var uncovered);
            tail = new AccountTail { Account = account, Seq = uncovered.Seq, LastBatch = uncovered.LastBatch, Crc = uncovered.Crc };
            return found;
        }
    }

    /// <summary>Where all of these accounts' journals end: a copy.</summary>
    public List<AccountTail> All()
    {
        lock (_gate) return [.. _tails.Select(static t => new AccountTail { Account = t.Key, Seq = t.Value.Seq, LastBatch = t.Value.LastBatch, Crc = t.Value.Crc })];
    }

    /// <summary>The batch up to which all heads are complete.</summary>
    public long CoveredThrough
    {
        get
        {
            lock (_gate)
            {
                while (_byFirst.TryPeek(out var account, out var first))
                {
                    if (_tails.TryGetValue(account, out var tail) && tail.FirstBatch == first) return first - 1;
                    _byFirst.Dequeue();
                }
                return _through;
            }
        }
    }

    /// <summary>The batch up to which the heads of some accounts are complete.</summary>
    public long CoveredThroughOf(IEnumerable<long> accounts)
    {
        lock (_gate)
        {
            var through = _through;
            foreach (var account in accounts)
            {
                if (_tails.TryGetValue(account, out var tail)) through = Math.Min(through, tail.FirstBatch - 1);
            }
            return through;
        }
    }

    /// <summary>Takes note of heads that have been written.</summary>
    public void Cover(IReadOnlyList<AccountHead> heads)
    {
        lock (_gate)
        {
            foreach (var head in heads) Cover(head);
            GiveBack();
        }
    }

    /// <summary>Forgets accounts that belong to another owner now, who knows where they end.</summary>
    public void Remove(IReadOnlyCollection<long> accounts)
    {
        lock (_gate)
        {
            foreach (var account in accounts) _tails.Remove(account);
        }
    }

    /// <summary>The accounts that have waited longest for a head, of those that wait since a batch or longer.</summary>
    public List<long> Oldest(int limit, long through)
    {
        lock (_gate)
        {
            var oldest = new List<long>(Math.Min(limit, _tails.Count));
            var taken = new List<(long Account, long First)>();
            while (oldest.Count < limit && _byFirst.TryPeek(out var account, out var first) && first <= through)
            {
                _byFirst.Dequeue();
                if (!_tails.TryGetValue(account, out var tail) || tail.FirstBatch != first) continue;
                oldest.Add(account);
                taken.Add((account, first));
            }
            foreach (var (account, first) in taken) _byFirst.Enqueue(account, first);
            return oldest;
        }
    }

    private void Cover(AccountHead head)
    {
        if (!_tails.TryGetValue(head.Account, out var tail)) return;
        if (head.Seq >= tail.Seq)
        {
            _tails.Remove(head.Account);
            return;
        }
        // Some later record is not in the head. It may stand in the head's own last batch, so that is where the lag begins.
        // A head in another node's stream says nothing about this one.
        if (head.LastBatch <= tail.FirstBatch || head.LastBatch > tail.LastBatch) return;
        tail.FirstBatch = head.LastBatch;
        _tails[head.Account] = tail;
        _byFirst.Enqueue(head.Account, head.LastBatch);
    }

    /// <summary>What a burst over many accounts has taken is given back when it is covered.</summary>
    private void GiveBack()
    {
        if (_tails.Count > _tails.Capacity / 8 || _tails.Capacity <= KeptPlaces) return;
        _tails.TrimExcess(Math.Max(KeptPlaces, _tails.Count * 2));
        if (_tails.Count == 0) _byFirst.Clear();
        _byFirst.TrimExcess();
    }

    private struct Uncovered
    {
        public long Seq;
        public long LastBatch;
        public long FirstBatch;
        public uint Crc;
    }
}
