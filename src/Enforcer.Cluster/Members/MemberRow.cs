namespace Enforcer.Cluster;

/// <summary>A node as the registry knows it.</summary>
public sealed record MemberRow
{
    /// <summary>Its name.</summary>
    public required string Node { get; init; }

    /// <summary>What the journal says of it.</summary>
    public NodeStanding Standing { get; init; }

    /// <summary>Its incarnation in the journal, for whoever replaces it.</summary>
    public long Incarnation { get; init; }

    /// <summary>What it told last; null if it has left, or never joined.</summary>
    public MemberBeat? Beat { get; init; }

    /// <summary>Counts its heartbeats.</summary>
    public long Beats { get; init; }

    /// <summary>True if it is to give its accounts to others.</summary>
    public bool IsDraining { get; init; }

    /// <summary>How far its clock was from the registry's with its last heartbeat, in ms.</summary>
    public long ClockSkewMs { get; init; }
}
