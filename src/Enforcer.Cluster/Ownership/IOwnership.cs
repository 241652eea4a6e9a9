using Enforcer.Journal;

namespace Enforcer.Cluster;

/// <summary>
/// Who owns which account, as the journal keeps it for this node. A node makes an account its own by loading it; what is here are the ways in which
/// accounts come from other nodes. Every call may throw <see cref="JournalUnavailableException"/>, and <see cref="JournalFencedException"/> on a node that
/// was replaced itself.
/// </summary>
public interface IOwnership
{
    /// <summary>True if the account is this node's, and the node was not replaced.</summary>
    ValueTask<bool> IsMineAsync(long account, CancellationToken cancel);

    /// <summary>The accounts that a node owns, in the order of their numbers, a page at a time.</summary>
    Task<IReadOnlyList<long>> ListAsync(string node, long after, int limit, CancellationToken cancel);

    /// <summary>How many accounts each node owns. It counts all of them: for people, now and then.</summary>
    Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel);

    /// <summary>Replaces a dead node. False: it has come back since it had that incarnation.</summary>
    Task<bool> TakeOverAsync(string node, long incarnation, CancellationToken cancel);

    /// <summary>Makes accounts of a replaced node this one's; those that are not its any more are passed over.</summary>
    Task InheritAsync(string node, IReadOnlyCollection<long> accounts, CancellationToken cancel);

    /// <summary>
    /// Takes note that these accounts, which this node had let go, were taken: its next append does not have to find out. If others were taken as well,
    /// nothing is noted, and the next append does find out.
    /// </summary>
    Task AcknowledgeAsync(IReadOnlyCollection<long> accounts, CancellationToken cancel);

    /// <summary>How often accounts were taken from this node.</summary>
    Task<long> ReadRevocationsAsync(CancellationToken cancel);

    /// <summary>Raises that count: whoever was asked to take accounts before takes none any more, however late it tries.</summary>
    Task RefuseTakesAsync(CancellationToken cancel);

    /// <summary>
    /// Takes accounts from a node that lives and has let them go; answers those that were taken. None, if the count of revocations is not the one given.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="revocations">How often accounts had been taken from it when it asked for this.</param>
    /// <param name="coveredThrough">Up to this batch of its stream their heads are complete, as it says; 0 if it does not say.</param>
    /// <param name="cancel">Gives up; they may have been taken nevertheless.</param>
    Task<IReadOnlyList<TakenAccount>> TakeAsync(string node, IReadOnlyCollection<long> accounts, long revocations, long coveredThrough, CancellationToken cancel);
}
