namespace Enforcer.Cluster;

/// <summary>What the journal says of a node.</summary>
public enum NodeStanding
{
    /// <summary>It has not opened the journal yet.</summary>
    None = 0,

    /// <summary>It may append.</summary>
    Living = 1,

    /// <summary>It may not append any more; what it left behind is being completed.</summary>
    BeingReplaced = 2,

    /// <summary>It was replaced: its accounts may be claimed.</summary>
    Replaced = 3,
}
