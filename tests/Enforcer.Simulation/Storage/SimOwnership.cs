using Enforcer.Cluster;

namespace Enforcer.Simulation.Storage;

/// <summary>Who owns what in the simulated database, as one process sees and changes it.</summary>
internal sealed class SimOwnership(SimDatabase database, DatabaseLink link, SimJournalStore store) : IOwnership
{
    public async ValueTask<bool> IsMineAsync(long account, CancellationToken cancel) => await link.ReadAsync(
        "is mine", () => IsLiving() && database.ReadHead(account)?.Node == store.Claim.Node, cancel).ConfigureAwait(false);

    public Task<IReadOnlyList<long>> ListAsync(string node, long after, int limit, CancellationToken cancel) => link.ReadAsync<IReadOnlyList<long>>(
        "list",
        () =>
        {
            RequireLiving();
            var row = database.Find(node);
            return [.. database.Heads.Where(head => head.Node == row?.Node && head.Account > after).Select(static head => head.Account).Take(limit)];
        },
        cancel);

    public Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel) => link.ReadAsync<IReadOnlyDictionary<string, long>>(
        "count", () => database.Heads.GroupBy(head => database.NodeOf(head.Node).Name).ToDictionary(static group => group.Key, static group => group.LongCount()), cancel);

    public Task<bool> TakeOverAsync(string node, long incarnation, CancellationToken cancel) => store.TakeOverAsync(node, incarnation);

    public Task InheritAsync(string node, IReadOnlyCollection<long> accounts, CancellationToken cancel) => link.ReadAsync(
        "inherit",
        () =>
        {
            RequireLiving();
            if (database.Find(node) is not { Standing: NodeStanding.Replaced } row) return false;
            foreach (var account in accounts)
            {
                if (database.ReadHead(account) is { } head && head.Node == row.Node) SimDatabase.Give(head, store.Claim.Node);
            }
            return true;
        },
        cancel);

    public Task AcknowledgeAsync(IReadOnlyCollection<long> accounts, CancellationToken cancel) => store.AcknowledgeAsync(accounts, cancel);

    public Task<long> ReadRevocationsAsync(CancellationToken cancel) => link.ReadAsync("read revocations", () => Mine().Revocations, cancel);

    public Task RefuseTakesAsync(CancellationToken cancel) => link.ReadAsync("refuse takes", () => ++Mine().Revocations, cancel);

    public Task<IReadOnlyList<TakenAccount>> TakeAsync(string node, IReadOnlyCollection<long> accounts, long revocations, long coveredThrough, CancellationToken cancel) =>
        store.TakeAsync(node, accounts, revocations, coveredThrough);

    private bool IsLiving() => database.NodeOf(store.Claim.Node).Session == store.Claim.Session;

    private NodeRow Mine()
    {
        RequireLiving();
        return database.NodeOf(store.Claim.Node);
    }

    private void RequireLiving()
    {
        if (!IsLiving()) throw SimJournalStore.Fenced();
    }
}
