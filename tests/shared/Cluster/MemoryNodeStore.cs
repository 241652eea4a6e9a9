using System.Runtime.CompilerServices;
using Enforcer.Cluster;
using Enforcer.Journal;
using Enforcer.Journal.Format;

namespace Enforcer.Testing.Cluster;

/// <summary>The journal of one node in a <see cref="MemoryDatabase"/>.</summary>
public sealed class MemoryNodeStore(MemoryDatabase database, string node) : IJournalStore
{
    private readonly Guid _session = Guid.NewGuid();
    private long _knownRevocations;

    internal Guid Session => _session;

    /// <summary>Called before each append; what it answers with is the append's result, null for the real one.</summary>
    public Func<SealedBatch, ValueTask<AppendResult?>>? BeforeAppend { get; set; }

    /// <summary>Called before an account is claimed.</summary>
    public Func<long, Task>? BeforeClaim { get; set; }

    public Task<JournalTip> OpenAsync(string owner, CancellationToken cancellation)
    {
        lock (database.Gate)
        {
            database.Require(node);
            if (!database.Streams.TryGetValue(node, out var stream)) database.Streams[node] = stream = new(database.Streams.Count);
            stream.Session = _session;
            stream.Incarnation++;
            stream.Standing = NodeStanding.Living;
            stream.Revoked.Clear();
            _knownRevocations = stream.Revocations;
            return Task.FromResult(TipOf(stream));
        }
    }

    public Task<JournalTip> ReadTipAsync(CancellationToken cancellation)
    {
        lock (database.Gate) return Task.FromResult(TipOf(Mine()));
    }

    public async ValueTask<AppendResult> AppendAsync(SealedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (BeforeAppend is { } before && await before(batch).ConfigureAwait(false) is { } result) return result;
        lock (database.Gate)
        {
            try
            {
                return Append(Mine(), batch);
            }
            catch (JournalFencedException fenced)
            {
                return AppendResult.Fenced(fenced);
            }
            catch (JournalUnavailableException unavailable)
            {
                return AppendResult.Full(unavailable);
            }
        }
    }

    public ValueTask<StoredBatch?> ReadBatchAsync(long number, CancellationToken cancellation)
    {
        lock (database.Gate)
        {
            database.Require(node);
            return ValueTask.FromResult(database.StreamOf(number).Batches.Find(batch => batch.Number == number));
        }
    }

    public async IAsyncEnumerable<StoredBatch> ReadBatchesAsync(long from, long through, [EnumeratorCancellation] CancellationToken cancellation)
    {
        StoredBatch[] batches;
        lock (database.Gate) batches = [.. Mine().Batches.Where(batch => batch.Number >= from && batch.Number <= through)];
        foreach (var batch in batches) yield return await ValueTask.FromResult(batch).ConfigureAwait(false);
    }

    public ValueTask<long> FindBatchBeforeAsync(long atMs, CancellationToken cancellation)
    {
        lock (database.Gate)
            return ValueTask.FromResult(Mine().Batches.FindLast(batch => batch.FirstAtMs < atMs)?.Number ?? BatchNumber.OriginOf(Mine().Number));
    }

    public ValueTask<AccountHead?> ReadHeadAsync(long account, CancellationToken cancellation)
    {
        lock (database.Gate)
        {
            database.Require(node);
            return ValueTask.FromResult(database.Heads.GetValueOrDefault(account)?.ToHead(account));
        }
    }

    public async ValueTask<AccountHead?> ClaimHeadAsync(long account, CancellationToken cancellation)
    {
        if (BeforeClaim is { } before) await before(account).ConfigureAwait(false);
        lock (database.Gate)
        {
            Mine();
            if (!database.Heads.TryGetValue(account, out var head)) database.Heads[account] = head = new(node, account);
            if (head.Node != node && database.Streams[head.Node].Standing == NodeStanding.Replaced) (head.Node, head.Epoch) = (node, head.Epoch + 1);
            if (head.Node == node) return head.ToHead(account);
            throw new JournalElsewhereException($"Account {account} belongs to node {head.Node}.") { Node = head.Node, Epoch = head.Epoch };
        }
    }

    public async IAsyncEnumerable<AccountHead> ReadHeadsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        AccountHead[] heads;
        lock (database.Gate) heads = [.. database.Heads.OrderBy(pair => pair.Key).Select(pair => pair.Value.ToHead(pair.Key))];
        foreach (var head in heads) yield return await ValueTask.FromResult(head).ConfigureAwait(false);
    }

    public Task WriteHeadsAsync(IReadOnlyList<AccountHead> heads, long coveredThrough, CancellationToken cancellation)
    {
        lock (database.Gate)
        {
            var mine = Mine();
            foreach (var head in heads)
            {
                if (!database.Heads.TryGetValue(head.Account, out var known) || known.Node != node || known.Snapshot?.Seq > head.Seq) continue;
                known.Snapshot = head;
                if (head.Seq > known.End.Seq)
                    known.End = new AccountTail { Account = head.Account, Seq = head.Seq, LastBatch = head.LastBatch, Crc = head.Crc };
            }
            mine.CoveredThrough = Math.Max(mine.CoveredThrough, coveredThrough);
            return Task.CompletedTask;
        }
    }

    public ValueTask<IReadOnlyList<DueAccount>> ReadDueAsync(long atMs, int limit, CancellationToken cancellation)
    {
        lock (database.Gate)
        {
            database.Require(node);
            var due = database.Heads.Where(pair => pair.Value.Node == node && pair.Value.Snapshot?.NextExpiryMs <= atMs).OrderBy(pair => pair.Value.Snapshot!.NextExpiryMs);
            return ValueTask.FromResult<IReadOnlyList<DueAccount>>([.. due.Take(limit).Select(pair => new DueAccount(pair.Key, pair.Value.Snapshot!.NextExpiryMs))]);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal MemoryDatabase.MemoryStream Mine()
    {
        database.Require(node);
        var stream = database.Streams[node];
        return stream.Session == _session ? stream : throw new JournalFencedException($"Node {node} was replaced.");
    }

    internal void Acknowledge(IReadOnlyCollection<long> accounts)
    {
        var mine = Mine();
        if (Taken(mine).All(accounts.Contains)) _knownRevocations = mine.Revocations;
    }

    private long[] Taken(MemoryDatabase.MemoryStream mine) =>
        [.. mine.Revoked.Where(one => one.Revocation > _knownRevocations).Select(one => one.Account).Distinct()];

    private AppendResult Append(MemoryDatabase.MemoryStream mine, SealedBatch batch)
    {
        if (_knownRevocations != mine.Revocations)
        {
            var taken = Taken(mine);
            _knownRevocations = mine.Revocations;
            if (taken.Length > 0) return AppendResult.Rejected(taken);
        }
        var tip = TipOf(mine);
        if (batch.Number != tip.Batch + 1 || !batch.PreviousHash.Span.SequenceEqual(tip.Hash.Span))
            return AppendResult.Fenced(new JournalFencedException($"Batch {batch.Number} does not follow batch {tip.Batch}."));
        var stored = new StoredBatch(batch.Number, batch.FirstAtMs, batch.Entries, batch.Hash.ToArray(), batch.Payload.ToArray());
        mine.Batches.Add(stored);
        mine.Ends.Add(stored);
        return AppendResult.Appended;
    }

    private static JournalTip TipOf(MemoryDatabase.MemoryStream stream) => stream.Batches.Count == 0
        ? new JournalTip(BatchNumber.OriginOf(stream.Number), new byte[32], 0, stream.Incarnation, stream.CoveredThrough)
        : new JournalTip(stream.Batches[^1].Number, stream.Batches[^1].Hash, stream.Batches[^1].FirstAtMs, stream.Incarnation, stream.CoveredThrough);
}
