namespace Enforcer.Journal;

/// <summary>A finished batch on its way into the store. Its memory is good until the append completes.</summary>
public sealed class SealedBatch
{
    /// <summary>Its number: that of the batch before, plus one.</summary>
    public long Number { get; internal set; }

    /// <summary>When it was opened, Unix ms; never less than that of the batch before.</summary>
    public long FirstAtMs { get; internal set; }

    /// <summary>How many records it holds.</summary>
    public int Records { get; internal set; }

    /// <summary>How many entries it holds.</summary>
    public int Entries { get; internal set; }

    /// <summary>Header and records (docs/journal-format.md).</summary>
    public ReadOnlyMemory<byte> Payload { get; internal set; }

    /// <summary>The hash of the batch before.</summary>
    public ReadOnlyMemory<byte> PreviousHash { get; internal set; }

    /// <summary>The hash of this batch, which contains that of the batch before.</summary>
    public ReadOnlyMemory<byte> Hash { get; internal set; }
}
