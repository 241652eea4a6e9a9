namespace Enforcer.Cluster;

/// <summary>How a node fares, for those who watch.</summary>
public sealed record MemberHealth
{
    /// <summary>Accounts in its memory.</summary>
    public long ActiveAccounts { get; init; }

    /// <summary>Accounts whose heads are behind the journal.</summary>
    public long LaggingHeads { get; init; }

    /// <summary>Batches that it has made durable since it started.</summary>
    public long Batches { get; init; }

    /// <summary>Records in them.</summary>
    public long Records { get; init; }

    /// <summary>Commands that it has passed on to other nodes.</summary>
    public long PassedOn { get; init; }

    /// <summary>Why it cannot serve; empty if it can.</summary>
    public string Problem { get; init; } = "";
}
