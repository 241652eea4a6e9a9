using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Format;

/// <summary>
/// A record found in a batch: the entries that one command made for one account. Only its header has been read; entries are decoded
/// when they are asked for.
/// </summary>
internal readonly ref struct Record
{
    /// <summary>The account's number.</summary>
    public long Account { get; init; }

    /// <summary>The seq of its first entry.</summary>
    public long FirstSeq { get; init; }

    /// <summary>How many entries it holds, at least one.</summary>
    public int Count { get; init; }

    /// <summary>The batch that holds the account's record before this one; 0 for none.</summary>
    public long PreviousBatch { get; init; }

    /// <summary>The checksum as stored.</summary>
    public uint Crc { get; init; }

    /// <summary>The bytes that the checksum covers: header and entries.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>The entries' bytes.</summary>
    public ReadOnlySpan<byte> Entries { get; init; }

    /// <summary>The seq of its last entry.</summary>
    public long LastSeq => FirstSeq + Count - 1;

    /// <summary>True if the checksum continues that of the account's record before.</summary>
    public bool IsSound(uint previousCrc) => Checksum.Continue(previousCrc, Body) == Crc;

    /// <summary>Decodes the entries in order, given the batch's time, and adds them.</summary>
    /// <exception cref="JournalCorruptException">They are no entries.</exception>
    public void Decode(long baseMs, List<Entry> entries)
    {
        var reader = new ByteReader(Entries);
        for (var i = 0; i < Count; i++) entries.Add(EntryCodec.Read(ref reader, FirstSeq + i, baseMs));
        if (!reader.IsAtEnd)
        {
            throw new JournalCorruptException($"The record of account {Account} from entry {FirstSeq} has {reader.Left} bytes too many.")
            {
                Account = Account,
                Seq = FirstSeq,
            };
        }
    }
}
