namespace Enforcer.Cluster;

/// <summary>What a node tells about itself with each heartbeat.</summary>
public sealed record MemberBeat
{
    /// <summary>Its name.</summary>
    public required string Node { get; init; }

    /// <summary>Names this process among all that had the name.</summary>
    public required Guid Mark { get; init; }

    /// <summary>Which process it is, for people: machine and process id.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Where other nodes reach it; null while it serves nobody yet.</summary>
    public Uri? Address { get; init; }

    /// <summary>Its clock, Unix ms. Nothing is decided by it; it is compared, so that a wrong one is noticed.</summary>
    public long ClockMs { get; init; }

    /// <summary>How it fares.</summary>
    public MemberHealth Health { get; init; } = new();
}
