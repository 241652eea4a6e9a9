using Orleans;
using Orleans.Runtime;

namespace Enforcer.Orleans;

/// <summary>Accounts stay with the node that owns them while it lives; others are spread evenly.</summary>
[GenerateSerializer]
[Immutable]
[Alias("enforcer.owner-placement")]
internal sealed class OwnerPlacement : PlacementStrategy;
