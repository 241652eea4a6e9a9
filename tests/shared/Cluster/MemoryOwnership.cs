using Enforcer.Cluster;
using Enforcer.Journal;

namespace Enforcer.Testing.Cluster;

/// <summary>Who owns what in a <see cref="MemoryDatabase"/>, as one node sees and changes it.</summary>
public sealed class MemoryOwnership(MemoryDatabase database, MemoryNodeStore store, string node) : IOwnership
{
    public ValueTask<bool> IsMineAsync(long account, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            database.Require(node);
            return ValueTask.FromResult(database.Streams[node].Session == store.Session && database.Heads.GetValueOrDefault(account)?.Node == node);
        }
    }

    public Task<IReadOnlyList<long>> ListAsync(string node, long after, int limit, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            store.Mine();
            return Task.FromResult<IReadOnlyList<long>>([.. database.Heads.Where(pair => pair.Value.Node == node && pair.Key > after).Select(pair => pair.Key).Order().Take(limit)]);
        }
    }

    public Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel)
    {
        lock (database.Gate)
            return Task.FromResult<IReadOnlyDictionary<string, long>>(database.Heads.Values.GroupBy(head => head.Node).ToDictionary(group => group.Key, group => group.LongCount()));
    }

    public Task<bool> TakeOverAsync(string node, long incarnation, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            store.Mine();
            var stream = database.Streams[node];
            if (stream.Standing == NodeStanding.Replaced) return Task.FromResult(true);
            if (stream.Incarnation != incarnation) return Task.FromResult(false);
            stream.Session = Guid.NewGuid();
            stream.Incarnation++;
            foreach (var (account, _) in stream.Ends.Tails) Complete(stream, account);
            stream.CoveredThrough = stream.Ends.Through;
            stream.Standing = NodeStanding.Replaced;
            return Task.FromResult(true);
        }
    }

    public Task InheritAsync(string node, IReadOnlyCollection<long> accounts, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            store.Mine();
            if (database.Streams[node].Standing == NodeStanding.Replaced) Move(node, accounts);
            return Task.CompletedTask;
        }
    }

    public async Task AcknowledgeAsync(IReadOnlyCollection<long> accounts, CancellationToken cancel)
    {
        await database.Acknowledging.WaitAsync(cancel).ConfigureAwait(false);
        lock (database.Gate) store.Acknowledge(accounts);
    }

    public Task<long> ReadRevocationsAsync(CancellationToken cancel)
    {
        lock (database.Gate) return Task.FromResult(store.Mine().Revocations);
    }

    public Task RefuseTakesAsync(CancellationToken cancel)
    {
        lock (database.Gate) store.Mine().Revocations++;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<TakenAccount>> TakeAsync(string node, IReadOnlyCollection<long> accounts, long revocations, long coveredThrough, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            store.Mine();
            var from = database.Streams[node];
            if (from.Revocations != revocations || from.Standing != NodeStanding.Living) return Task.FromResult<IReadOnlyList<TakenAccount>>([]);
            foreach (var account in accounts) Complete(from, account);
            var taken = Move(node, accounts);
            from.Revocations++;
            foreach (var account in taken) from.Revoked.Add((from.Revocations, account));
            return Task.FromResult<IReadOnlyList<TakenAccount>>([.. taken.Select(account => new TakenAccount(account, database.Heads[account].Epoch))]);
        }
    }

    private void Complete(MemoryDatabase.MemoryStream stream, long account)
    {
        if (stream.Ends.Tails.TryGetValue(account, out var end) && database.Heads.TryGetValue(account, out var head) && head.End.Seq < end.Seq) head.End = end;
    }

    private List<long> Move(string from, IReadOnlyCollection<long> accounts)
    {
        var moved = new List<long>();
        foreach (var account in accounts)
        {
            if (!database.Heads.TryGetValue(account, out var head) || head.Node != from) continue;
            (head.Node, head.Epoch) = (node, head.Epoch + 1);
            moved.Add(account);
        }
        return moved;
    }
}
