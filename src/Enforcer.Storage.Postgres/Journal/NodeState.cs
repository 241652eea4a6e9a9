namespace Enforcer.Storage.Postgres;

/// <summary>What has become of a node; the numbers are stored.</summary>
public enum NodeState
{
    /// <summary>It serves its accounts, or will when it comes back.</summary>
    Living = 1,

    /// <summary>It was declared dead and cannot append any more; where its accounts end is being completed.</summary>
    Fenced = 2,

    /// <summary>Whoever is asked for one of its accounts may claim it.</summary>
    Replaced = 3,
}
