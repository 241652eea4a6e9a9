using Enforcer.Storage.Postgres;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Enforcer.Orleans;

/// <summary>
/// Places an account's grain. To take an account from a node that lives costs that node a pause: one that comes into memory again, or whose node was started
/// again, is best left where it is. What nobody owns is spread by its number, so that silos which place it at the same time agree.
/// </summary>
internal sealed class OwnerPlacementDirector(PostgresOwnership ownership, ISiloStatusOracle silos) : IPlacementDirector
{
    // One question for all that are to be placed meanwhile: thousands of accounts that are touched at once would otherwise stand in line for connections.
    private readonly Rounds<long, IReadOnlyDictionary<long, AccountOwner>> _owners = new(accounts => ownership.FindAsync(accounts));

    /// <inheritdoc/>
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var (compatible, account) = (context.GetCompatibleSilos(target), target.GrainIdentity.GetIntegerKey());
        var owner = (await _owners.JoinAsync(account).ConfigureAwait(false)).GetValueOrDefault(account);
        if (owner is { State: NodeState.Living } && Array.Find(compatible, silo => IsOf(owner.Node, silo)) is { } own) return own;
        // A node that was replaced can claim nothing, should its silo still be among the living.
        if (owner is { State: not NodeState.Living } && Array.FindAll(compatible, silo => !IsOf(owner.Node, silo)) is { Length: > 0 } others) compatible = others;
        Array.Sort(compatible);
        return compatible[target.GrainIdentity.GetUniformHashCode() % (uint)compatible.Length];
    }

    private bool IsOf(string node, SiloAddress silo) => silos.TryGetSiloName(silo, out var name) && OrleansSilo.NodeOf(name) == node;
}
