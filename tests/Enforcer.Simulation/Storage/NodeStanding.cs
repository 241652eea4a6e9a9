namespace Enforcer.Simulation.Storage;

/// <summary>What has become of a node.</summary>
internal enum NodeStanding
{
    Living = 1,
    Fenced = 2,
    Replaced = 3,
}
