using Enforcer.Journal;

namespace Enforcer.Cluster;

/// <summary>
/// Tells as soon as anything shows that this node was replaced. One that seldom appends would not find out for long: its heartbeat may go on, since that
/// touches nothing of the journal, and the others would go on sending it accounts that it cannot take.
/// </summary>
internal sealed class WatchedOwnership(IOwnership inner, Action<JournalFencedException> onFenced) : IOwnership
{
    public async ValueTask<bool> IsMineAsync(long account, CancellationToken cancel) => await Watch(() => inner.IsMineAsync(account, cancel).AsTask()).ConfigureAwait(false);

    public Task<IReadOnlyList<long>> ListAsync(string node, long after, int limit, CancellationToken cancel) => Watch(() => inner.ListAsync(node, after, limit, cancel));

    public Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel) => Watch(() => inner.CountAsync(cancel));

    public Task<bool> TakeOverAsync(string node, long incarnation, CancellationToken cancel) => Watch(() => inner.TakeOverAsync(node, incarnation, cancel));

    public Task InheritAsync(string node, IReadOnlyCollection<long> accounts, CancellationToken cancel) => Watch(() => inner.InheritAsync(node, accounts, cancel));

    public Task AcknowledgeAsync(IReadOnlyCollection<long> accounts, CancellationToken cancel) => Watch(() => inner.AcknowledgeAsync(accounts, cancel));

    public Task<long> ReadRevocationsAsync(CancellationToken cancel) => Watch(() => inner.ReadRevocationsAsync(cancel));

    public Task RefuseTakesAsync(CancellationToken cancel) => Watch(() => inner.RefuseTakesAsync(cancel));

    public Task<IReadOnlyList<TakenAccount>> TakeAsync(string node, IReadOnlyCollection<long> accounts, long revocations, long coveredThrough, CancellationToken cancel) =>
        Watch(() => inner.TakeAsync(node, accounts, revocations, coveredThrough, cancel));

    private async Task<T> Watch<T>(Func<Task<T>> ask)
    {
        var told = default(T)!;
        await Watch(async () => { told = await ask().ConfigureAwait(false); }).ConfigureAwait(false);
        return told;
    }

    private async Task Watch(Func<Task> ask)
    {
        try
        {
            await ask().ConfigureAwait(false);
        }
        catch (JournalFencedException fenced)
        {
            onFenced(fenced);
            throw;
        }
    }
}
