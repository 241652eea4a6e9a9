namespace Enforcer.Journal;

/// <summary>
/// The end of one account's journal, kept by whoever writes for the account and moved on by <see cref="IJournal.Append"/>.
/// A fresh account's tail names the account and nothing else.
/// </summary>
public record struct AccountTail
{
    /// <summary>The account's number, 1 or more.</summary>
    public long Account { get; set; }

    /// <summary>The seq of its last entry; 0 before the first.</summary>
    public long Seq { get; set; }

    /// <summary>The batch that holds its last record; 0 for none.</summary>
    public long LastBatch { get; set; }

    /// <summary>The checksum of its last record, which the next record's continues.</summary>
    public uint Crc { get; set; }

    /// <summary>The journal's generation (<see cref="IJournal.Generation"/>) in which the tail was read or last written.</summary>
    public int Generation { get; set; }

    /// <summary>True if the last record lies in another node's stream, which the account came from: it is durable, nobody waits for it.</summary>
    public bool IsForeign { get; set; }

    /// <summary>What everything decided on this tail must wait for.</summary>
    public readonly AppendTicket Ticket => new(IsForeign ? 0 : LastBatch, Generation);
}
