namespace Enforcer.Journal.Verifying;

/// <summary>What reading a whole journal has shown.</summary>
public sealed record VerifyReport
{
    /// <summary>Batches read.</summary>
    public long Batches { get; init; }

    /// <summary>Records read.</summary>
    public long Records { get; init; }

    /// <summary>Entries read.</summary>
    public long Entries { get; init; }

    /// <summary>Accounts found.</summary>
    public long Accounts { get; init; }

    /// <summary>Heads compared.</summary>
    public long Heads { get; init; }

    /// <summary>Batches that were archived: they are not there to be read, and are not missing.</summary>
    public long ArchivedBatches { get; init; }

    /// <summary>Accounts of which entries are archived: their records' chains were checked, but not what they add up to.</summary>
    public long PartialAccounts { get; init; }

    /// <summary>Bytes of all batches.</summary>
    public long Bytes { get; init; }

    /// <summary>How many things are wrong.</summary>
    public long FindingCount { get; init; }

    /// <summary>The first of them, in the order of the journal.</summary>
    public IReadOnlyList<VerifyFinding> Findings { get; init; } = [];

    /// <summary>The first one that names an account, or null.</summary>
    public VerifyFinding? FirstBadAccount => Findings.FirstOrDefault(static f => f.Account != 0);

    /// <summary>True if nothing is wrong.</summary>
    public bool IsSound => FindingCount == 0;
}
