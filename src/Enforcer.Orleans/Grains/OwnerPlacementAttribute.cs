using Orleans.Placement;

namespace Enforcer.Orleans;

/// <summary>Marks grains that are placed so.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OwnerPlacementAttribute() : PlacementAttribute(new OwnerPlacement());
