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
    /// <inheritdoc/>
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var compatible = context.GetCompatibleSilos(target);
        var owner = await ownership.FindAsync(target.GrainIdentity.GetIntegerKey()).ConfigureAwait(false);
        if (owner is { State: NodeState.Living } && Array.Find(compatible, silo => IsOf(owner.Node, silo)) is { } own) return own;
        Array.Sort(compatible);
        return compatible[target.GrainIdentity.GetUniformHashCode() % (uint)compatible.Length];
    }

    private bool IsOf(string node, SiloAddress silo) => silos.TryGetSiloName(silo, out var name) && OrleansSilo.NodeOf(name) == node;
}
