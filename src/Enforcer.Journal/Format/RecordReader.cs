namespace Enforcer.Journal.Format;

/// <summary>Goes through the records of a batch by their headers alone.</summary>
internal ref struct RecordReader
{
    private readonly long _batch;
    private ByteReader _reader;

    /// <summary>Begins at the first record of a batch.</summary>
    public RecordReader(ReadOnlySpan<byte> payload, long batch)
    {
        _batch = batch;
        _reader = new ByteReader(payload[Math.Min(BatchFormat.HeaderBytes, payload.Length)..]);
    }

    /// <summary>Where the next record begins, from the batch's first byte.</summary>
    public readonly int Position => BatchFormat.HeaderBytes + _reader.Position;

    /// <summary>Reads the next record's header; false at the end.</summary>
    /// <exception cref="JournalCorruptException">The bytes are no record.</exception>
    public bool TryRead(out Record record)
    {
        record = default;
        if (_reader.IsAtEnd) return false;
        var length = _reader.ReadCount();
        var crc = _reader.ReadFixed32();
        var body = _reader.ReadBytes(length);
        var header = new ByteReader(body);
        var account = header.ReadUnsigned();
        var seq = header.ReadUnsigned();
        var count = header.ReadUnsigned();
        var back = header.ReadUnsigned();
        var previous = back == 0 ? 0 : unchecked(_batch - (long)back + 1);
        // Each entry takes at least three bytes, so a count can be checked before anything is made of it.
        if (account is 0 or > long.MaxValue || seq is 0 or > long.MaxValue / 2 || count == 0 || count > (ulong)header.Left || previous < 0 || (back != 0 && previous == 0))
            throw new JournalCorruptException($"Batch {_batch} has at byte {Position} what cannot be a record.") { Batch = _batch };
        record = new Record
        {
            Account = (long)account,
            FirstSeq = (long)seq,
            Count = (int)count,
            PreviousBatch = previous,
            Crc = crc,
            Body = body,
            Entries = body[header.Position..],
        };
        return true;
    }
}
