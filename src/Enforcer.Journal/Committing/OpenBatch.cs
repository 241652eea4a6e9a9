using System.Security.Cryptography;
using Enforcer.Journal.Format;
using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Committing;

/// <summary>
/// A batch while it fills, and then while it is written; two of them take turns. Room for the hash of the batch before lies in front of
/// the header, so that the whole is hashed in one piece.
/// </summary>
internal sealed class OpenBatch
{
    private const int Front = BatchFormat.HashBytes;
    private const int RecordHeaderBytes = 64;
    private const int FirstBytes = 64 * 1024;
    private readonly SealedBatch _sealed = new();
    private readonly byte[] _hash = new byte[BatchFormat.HashBytes];
    private byte[] _bytes = new byte[FirstBytes];
    private int _length = Front + BatchFormat.HeaderBytes;
    private int _entries;

    /// <summary>The number that it has or will have.</summary>
    public long Number { get; private set; }

    /// <summary>When its first record came, Unix ms.</summary>
    public long FirstAtMs { get; private set; }

    public int Records { get; private set; }

    /// <summary>Bytes of the payload so far.</summary>
    public int Length => _length - Front;

    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(Front, Length);

    /// <summary>Empties it for the batch with this number. A batch that was unusually large gives its memory back.</summary>
    public void Reset(long number, int usualBytes)
    {
        Number = number;
        FirstAtMs = 0;
        Records = 0;
        _entries = 0;
        _length = Front + BatchFormat.HeaderBytes;
        if (_bytes.Length > 2L * usualBytes) _bytes = new byte[FirstBytes];
    }

    /// <summary>Says when it was opened, which its entries' times are relative to.</summary>
    public void Begin(long firstAtMs) => FirstAtMs = firstAtMs;

    /// <summary>Adds a record and moves the tail on; nothing has changed if it throws.</summary>
    public void Add(ref AccountTail tail, ReadOnlySpan<Entry> entries)
    {
        Reserve(entries);
        // One byte is kept for the length of the body; the few bodies that need more of them are moved up.
        const int ReservedForLength = 1;
        var bodyAt = _length + ReservedForLength + sizeof(uint);
        var writer = new ByteWriter(_bytes.AsSpan(bodyAt));
        writer.WriteUnsigned((ulong)tail.Account);
        writer.WriteUnsigned((ulong)entries[0].Seq);
        writer.WriteCount(entries.Length);
        // The record before may lie in a stream with higher numbers: the distance then wraps.
        writer.WriteUnsigned(tail.LastBatch == 0 ? 0 : unchecked((ulong)(Number - tail.LastBatch + 1)));
        foreach (ref readonly var entry in entries) EntryCodec.Write(ref writer, entry, FirstAtMs);
        var body = _bytes.AsSpan(bodyAt, writer.Position);
        var crc = Checksum.Continue(tail.LastBatch == 0 ? Checksum.SeedOf(tail.Account) : tail.Crc, body);
        Finish(body.Length, bodyAt, crc);
        _entries += entries.Length;
        Records++;
        tail.Crc = crc;
        tail.Seq = entries[^1].Seq;
        tail.LastBatch = Number;
        tail.IsForeign = false;
    }

    /// <summary>Finishes it: header and hash.</summary>
    public SealedBatch Seal(ReadOnlyMemory<byte> previousHash, long epoch)
    {
        previousHash.Span.CopyTo(_bytes);
        BatchFormat.WriteHeader(_bytes.AsSpan(Front), new BatchHeader(Number, epoch, FirstAtMs, Records, _entries));
        SHA256.HashData(_bytes.AsSpan(0, _length), _hash);
        _sealed.Number = Number;
        _sealed.FirstAtMs = FirstAtMs;
        _sealed.Records = Records;
        _sealed.Entries = _entries;
        _sealed.Payload = _bytes.AsMemory(Front, Length);
        _sealed.PreviousHash = previousHash;
        _sealed.Hash = _hash;
        return _sealed;
    }

    /// <summary>Takes the records of some accounts out again, each as a whole, and says how many they were.</summary>
    public int Remove(HashSet<long> accounts)
    {
        var before = Records;
        var kept = Front + BatchFormat.HeaderBytes;
        var records = new RecordReader(Payload, Number);
        for (var from = records.Position; records.TryRead(out var record); from = records.Position)
        {
            if (accounts.Contains(record.Account))
            {
                Records--;
                _entries -= record.Count;
                continue;
            }
            var length = records.Position - from;
            _bytes.AsSpan(Front + from, length).CopyTo(_bytes.AsSpan(kept));
            kept += length;
        }
        _length = kept;
        return before - Records;
    }

    /// <summary>As it was sealed last.</summary>
    public SealedBatch Sealed => _sealed;

    /// <summary>Its hash, to be kept.</summary>
    public byte[] CopyHash() => _hash.AsSpan().ToArray();

    /// <summary>Those who wait until it is durable; guarded by whoever guards the batch.</summary>
    public Waiters Waiters { get; } = new();

    private void Reserve(ReadOnlySpan<Entry> entries)
    {
        var needed = _length + RecordHeaderBytes;
        foreach (ref readonly var entry in entries) needed += EntryCodec.MaxBytes(entry);
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Max(needed, Math.Min(Array.MaxLength / 2, _bytes.Length) * 2));
    }

    private void Finish(int bodyLength, int bodyAt, uint crc)
    {
        var lengthBytes = ByteWriter.LengthOf((uint)bodyLength);
        var at = _length + lengthBytes + sizeof(uint);
        if (at != bodyAt) _bytes.AsSpan(bodyAt, bodyLength).CopyTo(_bytes.AsSpan(at));
        var writer = new ByteWriter(_bytes.AsSpan(_length));
        writer.WriteCount(bodyLength);
        writer.WriteFixed32(crc);
        _length = at + bodyLength;
    }
}
